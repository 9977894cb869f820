package dev.coxswain.supervisor.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;

/** Reads small UTF-8 files whole; what is too large, not a file or not UTF-8 is refused in words for the user. */
final class TextFile {
    private TextFile() {}

    /** The text of the file, without a byte order mark. Blocks on the disk. */
    static String read(Path file, int maxBytes) {
        byte[] bytes;
        // a FIFO would wait for a writer for ever; /dev/stdin and the shell's /dev/fd/63 are meant
        if (Files.exists(file) && !Files.isRegularFile(file) && !file.startsWith("/dev")) {
            throw new Refused("is not a regular file", null);
        }
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw new Refused("there is no such file", null);
        } catch (IOException | SecurityException e) {
            throw new Refused("the file can't be read (" + e.getClass().getSimpleName() + ")", null);
        }
        if (bytes.length > maxBytes) {
            throw new Refused("the file is larger than " + SizeText.format(maxBytes), null);
        }
        String text = decode(bytes);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Whether everybody on this host may read the file; false where the file system has no such permissions. */
    static boolean isWorldReadable(Path file) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            return view != null
                    && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            return false; // reading it has failed too, and was reported there
        }
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new Refused("the file is not UTF-8 text (line " + line + ")", null);
        }
        decoder.flush(out);
        return out.flip().toString();
    }
}
