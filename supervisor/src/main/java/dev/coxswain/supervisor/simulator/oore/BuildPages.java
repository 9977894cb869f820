package dev.coxswain.supervisor.simulator.oore;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import reactor.core.publisher.Mono;

/**
 * What a person would see of builds, below {@code /_sim} because the contract has no paths for it: states, steps, artifacts
 * with size and checksum of what came, and as much of the log as is kept. Without snapshots: they hold secrets.
 */
final class BuildPages {
    private static final int MOST = 1_000;

    private final Users users;
    private final Builds builds;

    BuildPages(Users users, Builds builds) {
        this.users = users;
        this.builds = builds;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/v1/_sim/builds", CallKind.OTHER, call -> Mono.fromSupplier(() -> {
            try {
                return all(call);
            } catch (RefusedException e) {
                return e.answer();
            }
        })));
    }

    private Answer all(Call call) {
        if (!users.role(call).reads) {
            throw Users.forbidden();
        }
        synchronized (builds) {
            return Answer.json(200, builds.newest(MOST).stream().map(BuildPages::page).toList());
        }
    }

    private static Map<String, Object> page(Build build) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("id", build.id);
        page.put("build_number", build.number);
        page.put("status", build.state.label());
        page.put("commit_sha", build.text("commit_sha"));
        page.put("exit_code", build.exitCode);
        page.put("step_results", build.steps);
        page.put("events", build.events);
        page.put("artifacts", build.artifacts.values().stream().map(BuildPages::artifact).toList());
        page.put("log_lines", build.log.size());
        page.put("log", build.log.lines());
        return page;
    }

    private static Map<String, Object> artifact(Artifact artifact) {
        Map<String, Object> map = artifact.toMap();
        map.put("received_bytes", artifact.receivedBytes);
        map.put("received_sha256", artifact.receivedChecksum);
        return map;
    }
}
