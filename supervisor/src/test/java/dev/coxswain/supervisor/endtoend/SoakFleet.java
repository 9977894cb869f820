package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import dev.coxswain.supervisor.simulator.Simulator;

/** The fleet of a soak: runners at both Xenonflare protocols, and jobs of every kind that gives trouble. */
final class SoakFleet {
    static final List<String> PROTOCOLS = List.of("xenonflare-studio", "xenonflare-workspace");
    /**
     * Of 40 jobs one fails, two don't end in time (one of them does not even hear TERM), two write much, two leave
     * processes behind (one in a session of its own), two leave a file; most of them just take their time.
     */
    private static final String SCRIPT = """
            #!/bin/sh
            set -eu
            echo "job $COX_JOB_ID in process $$"
            sleep "$(($$ % 3)).$(($$ % 10))"
            case $(($$ % 40)) in
              0) echo 'no luck today' >&2; exit 3 ;;
              1) sleep 600 ;;
              2) trap '' TERM; while :; do sleep 1; done ;;
              3 | 4) head -c 300000 /dev/zero | tr '\\0' x | fold -w 120 ;;
              5) sleep 600 >/dev/null 2>&1 & ;;
              6) setsid sleep 600 </dev/null >/dev/null 2>&1 & ;;
            esac
            if [ -n "${COX_PROMPT_FILE:-}" ]; then
              echo '{"assistantMessage":"done"}' > "$COX_OUTPUT_DIR/result.json"
            elif [ $(($$ % 20)) = 7 ]; then
              { printf '\\211PNG\\r\\n\\032\\n'; head -c 200000 /dev/urandom; } > "$COX_OUTPUT_DIR/scene.png"
              echo '{"story":{"scenes":[{"narration":"one","imageUrl":"scene.png"}]}}' > "$COX_OUTPUT_DIR/result.json"
            else
              echo '{"story":{"scenes":[{"narration":"one"}]}}' > "$COX_OUTPUT_DIR/result.json"
            fi
            """;

    private SoakFleet() {}

    /** Writes configuration, credentials and the program of all jobs. */
    static void write(SupervisorFolder files, Simulator simulator, int slots) {
        try {
            Path folder = files.folder();
            StringBuilder planes = new StringBuilder();
            StringBuilder pools = new StringBuilder();
            for (String protocol : PROTOCOLS) {
                Path credentials = Files.write(folder.resolve(protocol + ".tokens"), simulator.tokens(protocol));
                Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
                planes.append("""
                        %s: { protocol: %s, url: "%s", requestsPerSecond: 200, poll: { min: 500ms, max: 30s } }
                        """.formatted(protocol, protocol, simulator.url(protocol)).indent(2));
                pools.append("""
                        - name: %s
                          controlPlane: %s
                          credentials: { file: ./%s.tokens }
                          workload: { kind: pipeline, command: [ ./job ], timeout: 6s }
                        """.formatted(protocol, protocol, protocol).indent(2));
            }
            Path program = Files.writeString(folder.resolve("job"), SCRIPT);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            Files.writeString(files.config(), """
                    supervisor:
                      name: soak
                      stateDir: ./state
                      workDir: "%s"
                      admin: { listen: 127.0.0.1:0 }
                      metrics: { listen: 127.0.0.1:0 }
                      drain: { grace: 1m }
                    slots: { total: %d }
                    controlPlanes:
                    %spools:
                    %s""".formatted(files.work(), slots, planes, pools));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
