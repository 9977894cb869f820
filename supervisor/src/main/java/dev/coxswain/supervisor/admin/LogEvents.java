package dev.coxswain.supervisor.admin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A log as server-sent events: {@code log} with {@code {"text": …}} for each piece, {@code end} with
 * {@code {"droppedBytes": n}}, {@code error} with {@code {"detail": …}}. The text is in JSON because a carriage return (a
 * progress bar) would end a line of the event. Where bytes are no UTF-8 the event has {@code "bytes"} as well, the same
 * piece as it was written, in Base64.
 */
final class LogEvents {
    private static final Logger log = LoggerFactory.getLogger(LogEvents.class);

    private LogEvents() {}

    /** Emits events until the log ends; cancelling cancels the log. */
    static Flux<byte[]> of(Flux<byte[]> bytes, LongSupplier droppedBytes, Scheduler timer) {
        return Flux.defer(() -> {
            Text text = new Text();
            Flux<byte[]> events = bytes.map(text::next)
                    .concatWith(Mono.fromSupplier(text::rest)).filter(piece -> !piece.text().isEmpty())
                    .map(piece -> ServerSentEvents.event("log", piece.data()))
                    .concatWith(Mono.fromSupplier(() -> ServerSentEvents.event("end",
                            Map.of("droppedBytes", droppedBytes.getAsLong()))))
                    .onErrorResume(e -> {
                        log.warn("following a log ended early", e);
                        return Mono.just(ServerSentEvents.event("error",
                                Map.of("detail", "the log can't be read any further")));
                    });
            return ServerSentEvents.keptAlive(events, timer);
        });
    }

    /** Bytes to text, across pieces that cut a character in two; what is no UTF-8 becomes a replacement character. */
    private static final class Text {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer cut = ByteBuffer.allocate(0);

        Piece next(byte[] piece) {
            ByteBuffer bytes = ByteBuffer.allocate(cut.remaining() + piece.length).put(cut).put(piece).flip();
            CharBuffer chars = CharBuffer.allocate(bytes.remaining() + 1);
            decoder.decode(bytes, chars, false);
            cut = bytes;
            return new Piece(chars.flip().toString(), Arrays.copyOf(bytes.array(), bytes.position()));
        }

        Piece rest() {
            byte[] last = new byte[cut.remaining()];
            cut.duplicate().get(last);
            CharBuffer chars = CharBuffer.allocate(cut.remaining() + 1);
            decoder.decode(cut, chars, true);
            decoder.flush(chars);
            return new Piece(chars.flip().toString(), last);
        }
    }

    /** Some of the log, as text and as it was written. */
    private record Piece(String text, byte[] bytes) {
        Map<String, String> data() {
            Map<String, String> data = new LinkedHashMap<>(Map.of("text", text));
            if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
                data.put("bytes", Base64.getEncoder().encodeToString(bytes));
            }
            return data;
        }
    }
}
