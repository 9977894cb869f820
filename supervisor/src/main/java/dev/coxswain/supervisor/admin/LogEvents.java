package dev.coxswain.supervisor.admin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * A log as server-sent events: {@code log} with {@code {"text": …}} for each piece, {@code end} with
 * {@code {"droppedBytes": n}}, {@code error} with {@code {"detail": …}}. The text is in JSON because a carriage return (a
 * progress bar) would end a line of the event. A comment every {@value #KEEP_ALIVE_SECONDS} s finds out that a reader has
 * gone.
 */
final class LogEvents {
    private static final Logger log = LoggerFactory.getLogger(LogEvents.class);
    private static final int KEEP_ALIVE_SECONDS = 15;
    private static final byte[] KEEP_ALIVE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LogEvents() {}

    /** Emits events until the log ends; cancelling cancels the log. */
    static Flux<byte[]> of(Flux<byte[]> bytes, LongSupplier droppedBytes, Scheduler timer) {
        return Flux.defer(() -> {
            Text text = new Text();
            Flux<byte[]> events = bytes.map(text::next)
                    .concatWith(Mono.fromSupplier(text::rest)).filter(piece -> !piece.isEmpty())
                    .map(piece -> event("log", Map.of("text", piece)))
                    .concatWith(Mono.fromSupplier(() -> event("end", Map.of("droppedBytes", droppedBytes.getAsLong()))))
                    .onErrorResume(e -> {
                        log.warn("following a log ended early", e);
                        return Mono.just(event("error", Map.of("detail", "the log can't be read any further")));
                    });
            Flux<byte[]> comments = Flux.interval(Duration.ofSeconds(KEEP_ALIVE_SECONDS), timer).onBackpressureDrop()
                    .map(tick -> KEEP_ALIVE);
            // the first comment takes the head of the answer with it, so that a reader of a silent log knows where it is
            return events.publish(shared -> shared.mergeWith(comments.takeUntilOther(shared.ignoreElements())))
                    .startWith(KEEP_ALIVE);
        });
    }

    private static byte[] event(String name, Map<String, ?> data) {
        return ("event: " + name + "\ndata: " + JSON.writeValueAsString(data) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes to text, across pieces that cut a character in two; what is no UTF-8 becomes a replacement character. */
    private static final class Text {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer cut = ByteBuffer.allocate(0);

        String next(byte[] piece) {
            ByteBuffer bytes = ByteBuffer.allocate(cut.remaining() + piece.length).put(cut).put(piece).flip();
            CharBuffer chars = CharBuffer.allocate(bytes.remaining() + 1);
            decoder.decode(bytes, chars, false);
            cut = bytes;
            return chars.flip().toString();
        }

        String rest() {
            CharBuffer chars = CharBuffer.allocate(cut.remaining() + 1);
            decoder.decode(cut, chars, true);
            decoder.flush(chars);
            return chars.flip().toString();
        }
    }
}
