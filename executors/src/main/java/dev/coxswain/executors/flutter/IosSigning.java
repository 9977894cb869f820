package dev.coxswain.executors.flutter;

import java.util.Arrays;

import dev.coxswain.executors.JobAccess;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signing for iOS is not done here: a build that is to be signed must not end as if it were. */
final class IosSigning {
    private final JsonMapper mapper;

    IosSigning(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Completes when the build is to be left unsigned; else fails with the build's end. Errors of the asking pass. */
    Mono<Void> refuse(JobAccess access) {
        return access.signing(JobAccess.Platform.IOS).flatMap(material -> {
            try {
                return wanted(material)
                        ? Mono.error(BuildEnd.failed("this build is to be signed for iOS, which this "
                                + "runner does not do; switch iOS signing off for it, or run it on another runner"))
                        : Mono.empty();
            } finally {
                Arrays.fill(material, (byte) 0);
            }
        });
    }

    private boolean wanted(byte[] material) {
        try {
            JsonNode bundle = mapper.readTree(material).path("bundle");
            return !bundle.isMissingNode() && !bundle.isNull();
        } catch (JacksonException e) {
            throw BuildEnd.failed("the control plane's signing material for iOS is no valid JSON");
        }
    }
}
