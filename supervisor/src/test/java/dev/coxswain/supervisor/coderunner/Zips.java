package dev.coxswain.supervisor.coderunner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes ZIP files and uploads of them. */
final class Zips {
    private Zips() {}

    /** Names and contents in turn. */
    static byte[] of(String... entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries.length; i += 2) {
                zip.putNextEntry(new ZipEntry(entries[i]));
                zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] multipart(String boundary, byte[] file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"Description\"\r\n\r\nfirst\r\n--"
                        + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"code.zip\"\r\n"
                        + "Content-Type: application/zip\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(file);
        bytes.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
