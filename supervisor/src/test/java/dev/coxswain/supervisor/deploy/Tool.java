package dev.coxswain.supervisor.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A program of the host, run to its end; a test without its program is skipped, which {@code .ci/run} takes for a failure. */
final class Tool {
    private Tool() {}

    /**
     * @param code its exit code
     * @param said both of its outputs
     */
    record End(int code, String said) {}

    static void need(String name, String debian) {
        assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, name))),
                "no " + name + " here (Debian's package " + debian + ")");
    }

    static End run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(DeployFiles.ROOT.toFile()).redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), said);
    }
}
