package dev.coxswain.supervisor.simulator.oore;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.Ledger;
import dev.coxswain.supervisor.simulator.Violation;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The daemon's own upload URL (contract oore-ci 9): no bearer token, one use, burnt when the upload begins. A body goes
 * through a checksum and is not kept.
 */
final class LocalUpload {
    static final long MAX_BYTES = 512L << 20;

    private final Artifacts artifacts;
    private final Builds builds;
    private final Ledger ledger;
    private final MessageDigest prototype;

    LocalUpload(Artifacts artifacts, Builds builds, Ledger ledger) {
        this.artifacts = artifacts;
        this.builds = builds;
        this.ledger = ledger;
        try {
            prototype = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Mono<Answer> put(Call call, Flux<ByteBuf> body) {
        return Mono.defer(() -> {
            if (call.header("authorization") != null || call.header("cookie") != null) {
                ledger.violation(Violation.BEARER_SENT_TO_STORE, OoreProtocol.NAME, "local-upload",
                        "a credential beside the URL's own");
            }
            Artifact artifact;
            synchronized (builds) {
                artifact = artifacts.burn(call.param("token"), call.arrivedNanos());
            }
            if (artifact == null) {
                return body.then(Mono.just(
                        Refusal.of(401, "invalid_upload_token", "the upload URL is unknown, used or too old")
                                .answer()));
            }
            Intake intake = new Intake(copy());
            return body.doOnNext(intake::take).then(Mono.fromSupplier(() -> finish(call, artifact, intake)));
        });
    }

    private Answer finish(Call call, Artifact artifact, Intake intake) {
        if (intake.size > MAX_BYTES) {
            return Refusal.of(413, "payload_too_large", "an upload has at most 512 MiB").answer();
        }
        String promised = call.header("content-length");
        if (promised != null && !promised.equals(String.valueOf(intake.size))) {
            return Refusal.of(500, "storage_error", "the upload broke off").answer();
        }
        synchronized (builds) {
            artifact.receivedBytes = intake.size;
            artifact.receivedChecksum = HexFormat.of().formatHex(intake.digest.digest());
        }
        return Answer.empty(200);
    }

    private MessageDigest copy() {
        try {
            return (MessageDigest) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own SHA-256 can be cloned", e);
        }
    }

    /** Takes a body in; used by one event loop at a time. */
    private static final class Intake {
        final MessageDigest digest;
        long size;

        Intake(MessageDigest digest) {
            this.digest = digest;
        }

        void take(ByteBuf part) {
            size += part.readableBytes();
            for (ByteBuffer buffer : part.nioBuffers()) {
                digest.update(buffer);
            }
        }
    }
}
