package dev.coxswain.supervisor.simulator.oore;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;

/**
 * Signing material for whoever holds the build and its grant (contract oore-ci 8), checked in the daemon's order. Every
 * second build is signed for Android, none for iOS.
 */
final class Signing {
    private static final String ALIAS = "upload";

    private final Builds builds;
    private final Map<String, Object> release = new LinkedHashMap<>();

    Signing(SimulatorContext context, Builds builds) {
        this.builds = builds;
        String password = context.tokens().grant();
        release.put("build_type", "release");
        release.put("enabled", true);
        release.put("keystore_filename", "../harbour upload.p12");
        release.put("keystore_base64", Base64.getEncoder().encodeToString(UploadKey.keystore(ALIAS, password)));
        release.put("store_password", password);
        release.put("key_alias", ALIAS);
        release.put("key_password", password);
    }

    Answer android(Call call, Runner runner) {
        Build build = granted(call, runner);
        return Answer.json(200, build.number % 2 == 0 ? Map.of("release", release) : Map.of());
    }

    Answer ios(Call call, Runner runner) {
        granted(call, runner);
        return Answer.json(200, Map.of());
    }

    private Build granted(Call call, Runner runner) {
        String id = call.param("job");
        Build held = builds.held(id, runner, call, CallKind.READ, null);
        Build build = builds.find(id);
        if (build == null) {
            throw Refusal.of(404, "not_found", "there is no such build");
        }
        if (!build.state.active()) {
            throw builds.told(Refusal.of(409, "job_not_active", "only an active build is signed"), id, runner);
        }
        if (held == null) {
            throw builds.told(Refusal.notYours(), id, runner);
        }
        String supplied = call.header("x-oore-signing-token");
        if (supplied == null || supplied.isEmpty()) {
            throw Refusal.of(401, "signing_grant_required", "the build's own grant is required");
        }
        if (!supplied.equals(build.grant)) {
            builds.breaks(Violation.RUN_TWICE, build, "signing by " + runner.holder
                    + " with another grant than that of lease " + build.lease);
            throw Refusal.of(401, "invalid_signing_grant", "the grant is not that of this build now");
        }
        return build;
    }
}
