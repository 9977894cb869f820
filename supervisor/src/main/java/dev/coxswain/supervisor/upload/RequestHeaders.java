package dev.coxswain.supervisor.upload;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.SignedUpload;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** All headers of a PUT; whatever is not here is not sent (contract xenonflare-studio 6). */
final class RequestHeaders {
    /** These say where the body ends, or change how it is sent: ours alone. */
    private static final Set<String> FRAMING = Set.of("host", "content-length", "transfer-encoding", "connection",
            "expect", "upgrade", "te", "trailer", "keep-alive");

    private RequestHeaders() {}

    /**
     * Host, Content-Length, Content-Type and what the signed upload asks for.
     *
     * @throws UploadException when it asks for something that can't be sent
     */
    static HttpHeaders of(SignedUpload upload, SignedUrl url) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.HOST, url.authority());
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(upload.artifact().sizeBytes()));
        headers.set(HttpHeaderNames.CONTENT_TYPE, upload.artifact().contentType());
        for (Map.Entry<String, String> header : upload.headers().entrySet()) {
            String name = header.getKey();
            String given = headers.get(name);
            boolean framing = FRAMING.contains(name.toLowerCase(Locale.ROOT));
            if (given != null && given.equals(header.getValue())) {
                continue;
            }
            if (framing || given != null) {
                throw new UploadException(upload.artifact().path() + ": the signed upload for " + url.host()
                        + " demands another " + printable(name) + " than ours", null);
            }
            try {
                headers.set(name, header.getValue());
            } catch (IllegalArgumentException e) {
                // without the cause: its message holds the value
                throw new UploadException(upload.artifact().path() + ": the signed upload for " + url.host()
                        + " demands a header that can't be sent: " + printable(name), null);
            }
        }
        return headers;
    }

    private static String printable(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9-]", "?");
        return plain.substring(0, Math.min(plain.length(), 64));
    }
}
