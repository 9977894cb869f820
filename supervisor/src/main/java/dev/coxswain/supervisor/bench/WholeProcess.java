package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole {@code cox run --from-env} for so many Xenonflare workspace tokens, with a simulated control plane that has no job
 * for them.
 */
final class WholeProcess implements AutoCloseable {
    private final Child plane;
    private final CoxProcess process;

    private WholeProcess(Child plane, CoxProcess process) {
        this.plane = plane;
        this.process = process;
    }

    static WholeProcess start(Scope scope, int tokens) {
        Path folder = scope.newFolder();
        Path keys = folder.resolve("tokens");
        Child plane = Child.start(scope, "control plane", Loopback.FLAGS, "tokens", "tokens", tokens, "file",
                keys.toString());
        Map<String, String> environment = new HashMap<>(Map.of("RUNNER_API_BASE",
                "http://127.0.0.1:" + (int) plane.ask("port").get("port") + "/workspace", "OPENAI_BASE_URL",
                "http://127.0.0.1:1/v1", "OPENAI_MODEL", "none", "POLL_MS", "500", "COX_ADMIN_LISTEN", "127.0.0.1:0",
                "COX_METRICS_LISTEN", "127.0.0.1:0"));
        try {
            environment.put("RUNNER_TOKEN", String.join(",", Files.readAllLines(keys)));
        } catch (IOException e) {
            throw new BenchException("the tokens can't be read: " + e.getMessage(), e);
        }
        // nothing of a real worker's may get into it
        return new WholeProcess(plane, CoxProcess.start(scope, folder, environment, List.of("RUNNER_", "OPENAI_"),
                "run", "--from-env"));
    }

    /** Waits until it asks for jobs: how long it starts depends on what else the host does. */
    void awaitRequests() {
        if (plane.ask("asked").get("requests") == 0) {
            throw new BenchException("cox run has ended or asks for no job: " + process.said(), null);
        }
    }

    /** Its memory, and the requests that it has sent so far. */
    Figures look() {
        double requests = plane.ask("requests").get("requests");
        if (!process.isAlive() || requests == 0) {
            throw new BenchException("cox run has ended or asks for no job: " + process.said(), null);
        }
        return new Figures(Map.of("rssMiB", Usage.residentBytes(Long.toString(process.pid())) / (1 << 20), "requests",
                requests));
    }

    /** Ends both, the process by a drain if that comes to its end in time. Safe to repeat. */
    @Override
    public void close() {
        process.close();
        plane.close();
    }
}
