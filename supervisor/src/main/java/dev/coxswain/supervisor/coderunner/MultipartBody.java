package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.coderunner.archive.Archive;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;

/**
 * The body of an upload, piece by piece: what belongs to files goes to disk, and nothing is held. Netty's decoder splits it.
 * For one thread at a time; blocks on the disk.
 */
final class MultipartBody implements AutoCloseable {
    /** Smaller parts need no file. */
    private static final long MOST_IN_MEMORY = 16 << 10;
    private static final int MOST_PARTS = 32;
    private static final int LONGEST_HEADER = 8 << 10;
    /** Boundaries, headers and the other parts. */
    private static final long OVERHEAD = 64 << 10;
    private static final int LONGEST_DESCRIPTION = 1_024;

    private final long mostBytes;
    private final Path target;
    private final HttpPostMultipartRequestDecoder decoder;
    private long bytes;

    /**
     * Begins a body.
     *
     * @param contentType with the boundary; must be multipart/form-data
     * @param folder where files grow
     * @param target where the ZIP shall lie at last
     */
    MultipartBody(String contentType, Path folder, Path target, long mostBytes) {
        this.mostBytes = mostBytes;
        this.target = target;
        DefaultHttpDataFactory factory = new DefaultHttpDataFactory(MOST_IN_MEMORY, StandardCharsets.UTF_8);
        factory.setBaseDir(folder.toString());
        // the folder is emptied at each start; a hook for each upload would be kept for the life of the process
        factory.setDeleteOnExit(false);
        DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        try {
            this.decoder = new HttpPostMultipartRequestDecoder(factory, head, StandardCharsets.UTF_8, MOST_PARTS,
                    LONGEST_HEADER);
        } catch (RuntimeException e) {
            // the decoder's own errors, and what it runs into where it does not look
            throw Refusal.invalid("Content-Type names no usable boundary");
        }
    }

    /** Refuses a length that is too much already. */
    static void checkLength(long length, long mostBytes) {
        if (length > mostBytes + OVERHEAD) {
            throw tooLarge(mostBytes);
        }
    }

    void add(byte[] piece) {
        bytes += piece.length;
        checkLength(bytes, mostBytes);
        offer(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
    }

    private void offer(HttpContent content) {
        try {
            decoder.offer(content);
        } catch (RuntimeException e) {
            throw refused(e);
        } finally {
            content.release();
        }
    }

    /** In words of ours: the decoder names its own classes, and fails by others where a body is odd. */
    private static RuntimeException refused(RuntimeException e) {
        if (e.getCause() instanceof IOException disk) {
            return new UncheckedIOException(disk);
        }
        return Refusal.invalid("the body is no multipart/form-data: " + switch (e) {
            case HttpPostRequestDecoder.TooManyFormFieldsException many -> "it has more than " + MOST_PARTS + " parts";
            case HttpPostRequestDecoder.TooLongFormFieldException tooLong ->
                "a part has more than " + LONGEST_HEADER + " bytes of headers";
            case HttpPostRequestDecoder.ErrorDataDecoderException known when known.getCause() == null ->
                known.getMessage();
            default -> "a part's headers can't be read";
        });
    }

    /** The end of the body: moves the ZIP to its place. */
    Upload end() throws IOException {
        offer(LastHttpContent.EMPTY_LAST_CONTENT);
        String description = "";
        HttpData file = null;
        for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
            if (part instanceof Attribute text && text.getName().equalsIgnoreCase("description")) {
                if (text.length() > 4L * LONGEST_DESCRIPTION || text.getValue().length() > LONGEST_DESCRIPTION) {
                    throw Refusal.invalid("Description must have at most " + LONGEST_DESCRIPTION + " characters");
                }
                description = text.getValue();
            } else if (part instanceof HttpData data && data.getName().equalsIgnoreCase("file")) {
                // with or without a file name
                if (file != null) {
                    throw Refusal.invalid("there must be one part 'file', not several");
                }
                file = data;
            }
        }
        return stored(description, file);
    }

    private Upload stored(String description, @Nullable HttpData file) throws IOException {
        if (file == null || !file.isCompleted()) {
            throw Refusal.invalid("there must be a part 'file', whole and of at least one byte");
        }
        if (file.length() == 0) {
            throw Refusal.invalid("the part 'file' is empty");
        }
        if (file.length() > mostBytes) {
            throw tooLarge(mostBytes);
        }
        if (!file.renameTo(target.toFile())) {
            throw new IOException("cannot move an upload to " + target);
        }
        return digested(description);
    }

    private Upload digested(String description) throws IOException {
        MessageDigest digest = sha256();
        byte[] first = new byte[0];
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                if (first.length == 0) {
                    first = Arrays.copyOf(buffer.array(), Math.min(4, buffer.limit()));
                    if (!Archive.beginsAsZip(first)) {
                        throw Refusal.invalid("the part 'file' is no ZIP");
                    }
                }
                digest.update(buffer);
                buffer.clear();
            }
            channel.force(true);
            return new Upload(description, target, channel.size(), HexFormat.of().formatHex(digest.digest()));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Refusal tooLarge(long mostBytes) {
        return Refusal.tooLarge("the part 'file' may have at most " + mostBytes + " bytes");
    }

    /** Removes what was not moved. */
    @Override
    public void close() {
        decoder.destroy();
    }
}
