package dev.coxswain.supervisor.simulator;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The object store's HTTP side: signed PUT, public GET (contract xenonflare-studio 6). A body is streamed through size
 * and CRC-32C; the whole is in memory only where content is kept.
 */
final class StoreEndpoint {
    static final long MAX_ARTIFACT_BYTES = 1L << 30;
    static final String PROTOCOL = "store";

    private final ObjectStore store;
    private final Ledger ledger;

    StoreEndpoint(ObjectStore store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /** Answers one request; a refused upload is read to its end first, so that the client can read the answer. */
    Mono<Answer> answer(HttpServerRequest request, long arrivedNanos) {
        if (request.method().equals(HttpMethod.GET)) {
            return Mono.fromSupplier(() -> get(request.uri()));
        }
        if (!request.method().equals(HttpMethod.PUT)) {
            return refuse(request, Answer.xml(405, "MethodNotAllowed", "only PUT and GET are served")
                    .withHeader("Allow", "GET, PUT"));
        }
        return Mono.defer(() -> put(request, arrivedNanos));
    }

    private Mono<Answer> put(HttpServerRequest request, long arrivedNanos) {
        String uri = request.uri();
        HttpHeaders headers = request.requestHeaders();
        if (headers.contains(HttpHeaderNames.AUTHORIZATION) || headers.contains(HttpHeaderNames.COOKIE)) {
            String protocol = store.owner(uri).map(owner -> owner.job().protocol()).orElse(PROTOCOL);
            ledger.violation(Violation.BEARER_SENT_TO_STORE, protocol, Exchange.path(uri),
                    headers.contains(HttpHeaderNames.AUTHORIZATION) ? "an Authorization header" : "a cookie");
            return refuse(request, Answer.xml(403, "AccessDenied", "no other credential beside a signature"));
        }
        Long length = length(headers);
        if (length == null) {
            return refuse(request, Answer.xml(411, "MissingContentLength", "Content-Length is required"));
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        Optional<ObjectStore.Owner> owner = store.verify(uri, type);
        if (owner.isEmpty()) {
            return refuse(request, Answer.xml(403, "SignatureDoesNotMatch",
                    "the request is not the one that was signed, byte for byte"));
        }
        ledger.put(owner.get().job(), owner.get().lease(), arrivedNanos);
        if (store.expired(owner.get())) {
            return refuse(request, Answer.xml(400, "ExpiredToken", "the signed URL has expired"));
        }
        if (length > MAX_ARTIFACT_BYTES) {
            return Mono.just(Answer.xml(413, "EntityTooLarge", "an artifact has at most 1 GiB"));
        }
        return receive(request, owner.get(), type, length);
    }

    private Mono<Answer> receive(HttpServerRequest request, ObjectStore.Owner owner, String type, long length) {
        Intake intake = new Intake(store.keeps(length) ? new byte[(int) length] : null);
        return request.receive().doOnNext(intake::take).then(Mono.fromSupplier(() -> {
            if (intake.size != length) {
                return Answer.xml(400, "IncompleteBody", "fewer bytes than Content-Length says");
            }
            StoredObject object = new StoredObject(owner.job(), owner.path(), type, intake.size,
                    intake.checksum.getValue(), intake.content);
            return store.put(Exchange.path(request.uri()), object)
                    ? Answer.empty(200)
                    : Answer.xml(507, "InsufficientStorage", "the simulated store holds no more objects");
        }));
    }

    private static Mono<Answer> refuse(HttpServerRequest request, Answer answer) {
        return request.receive().then(Mono.just(answer));
    }

    private Answer get(String uri) {
        Optional<StoredObject> found = store.at(Exchange.path(uri));
        if (found.isEmpty()) {
            return Answer.xml(404, "NoSuchKey", "nothing is stored under this name");
        }
        StoredObject object = found.get();
        byte[] content = object.content();
        if (content != null) {
            return new Answer(200, object.contentType(), content, Map.of(), false, deliveredNanos -> {});
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", object.job().toString());
        json.put("path", object.path());
        json.put("contentType", object.contentType());
        json.put("size", object.sizeBytes());
        json.put("crc32c", "%08x".formatted(object.crc32c()));
        return Answer.json(200, json);
    }

    private static @Nullable Long length(HttpHeaders headers) {
        String text = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (text == null || headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Takes a body in; used by one event loop at a time. */
    private static final class Intake {
        final CRC32C checksum = new CRC32C();
        final byte @Nullable [] content;
        long size;

        Intake(byte @Nullable [] content) {
            this.content = content;
        }

        void take(ByteBuf part) {
            int bytes = part.readableBytes();
            if (content != null && size + bytes <= content.length) {
                part.getBytes(part.readerIndex(), content, (int) size, bytes);
            }
            size += bytes;
            for (ByteBuffer buffer : part.nioBuffers()) {
                checksum.update(buffer);
            }
        }
    }
}
