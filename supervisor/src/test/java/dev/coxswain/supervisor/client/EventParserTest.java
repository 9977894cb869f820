package dev.coxswain.supervisor.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.client.EventParser.Event;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventParserTest {
    private static final byte[] STREAM = ":\n\nevent: log\ndata: {\"text\":\"\u00e4\u65e5\"}\n\n:\n\nevent: end\r\ndata: {}\r\n\r\ndata: a\ndata: b\n\nevent: cut\ndata: x\n"
            .getBytes(StandardCharsets.UTF_8);

    @Property(tries = 150)
    void eventsAreTheSameHoweverTheyAreCut(@ForAll @IntRange(min = 0, max = 90) int first,
            @ForAll @IntRange(min = 0, max = 90) int second) {
        EventParser parser = new EventParser();
        int from = Math.min(Math.min(first, second), STREAM.length);
        int to = Math.min(Math.max(first, second), STREAM.length);
        List<Event> events = new ArrayList<>(parser.next(Arrays.copyOfRange(STREAM, 0, from)));
        events.addAll(parser.next(Arrays.copyOfRange(STREAM, from, to)));
        events.addAll(parser.next(Arrays.copyOfRange(STREAM, to, STREAM.length)));

        assertThat(events).containsExactly(new Event("log", "{\"text\":\"\u00e4\u65e5\"}"), new Event("end", "{}"),
                new Event("", "a\nb"));
    }

    @Test
    void anEndlessEventIsRefused() {
        EventParser parser = new EventParser();
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'x');
        assertThatThrownBy(() -> {
            for (int i = 0; i < 5; i++) {
                parser.next(piece);
            }
        }).isInstanceOf(AdminException.class);
    }
}
