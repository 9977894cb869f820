package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A form with the description and the ZIP (contract coderunner 6), read from the disk as it is sent. */
final class MultipartBody {
    private static final int PIECE = 64 << 10;

    private final String boundary;
    private final byte[] head;
    private final byte[] tail;
    private final Path zip;
    private final long zipBytes;

    private MultipartBody(String boundary, String description, Path zip, long zipBytes) {
        this.boundary = boundary;
        this.zip = zip;
        this.zipBytes = zipBytes;
        this.head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"Description\"\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + description + "\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"code.zip\"\r\n"
                + "Content-Type: application/zip\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** @param mark a word that the ZIP does not hold by chance. Blocks. */
    static MultipartBody of(String mark, String description, Path zip) {
        try {
            return new MultipartBody("cox" + mark, description, zip, Files.size(zip));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    long length() {
        return head.length + zipBytes + tail.length;
    }

    /** The bytes; each subscription reads them anew. */
    Flux<ByteBuf> bytes() {
        return Flux.concat(Flux.just(head).map(Unpooled::wrappedBuffer), file(),
                Flux.just(tail).map(Unpooled::wrappedBuffer));
    }

    private Flux<ByteBuf> file() {
        return Flux.<ByteBuf, SeekableByteChannel>generate(() -> Files.newByteChannel(zip), (channel, sink) -> {
            try {
                ByteBuffer piece = ByteBuffer.allocate(PIECE);
                if (channel.read(piece) < 0) {
                    sink.complete();
                } else {
                    sink.next(Unpooled.wrappedBuffer(piece.flip()));
                }
            } catch (IOException e) {
                sink.error(unreadable(e));
            }
            return channel;
        }, MultipartBody::close).subscribeOn(Schedulers.boundedElastic());
    }

    private static void close(SeekableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static CoderunnerException unreadable(IOException e) {
        return new CoderunnerException(Kind.USAGE,
                "the packed code can't be read (" + e.getClass().getSimpleName() + ")", 0, e);
    }
}
