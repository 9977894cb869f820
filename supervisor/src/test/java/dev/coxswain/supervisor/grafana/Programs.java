package dev.coxswain.supervisor.grafana;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Programs of the host; a test without its program is skipped, which {@code .ci/run} takes for a failure. */
final class Programs {
    private Programs() {}

    static void need(String name) {
        assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, name))),
                "no " + name + " here (Debian's package prometheus)");
    }
}
