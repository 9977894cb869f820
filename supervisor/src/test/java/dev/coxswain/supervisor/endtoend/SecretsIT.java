package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.Fault;
import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Violation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing that opens a door is found where people and machines read: searched for at the most talkative log level. */
class SecretsIT {
    private static final String STUDIO = "xenonflare-studio";
    private static final int JOBS = 12;
    /** Slashes, a plus and a dollar, so that each way of writing it differs from the others. */
    private static final String MASKED = "ky/Zz+9$Qq1~long-enough-to-be-a-secret";
    private static final String SCRIPT = """
            set -eu
            env
            tr '\\0' ' ' < /proc/$$/cmdline
            tr '\\0' '\\n' < /proc/$$/environ
            printf '%s' "$API_KEY" | base64 -w0; echo
            printf 'x=%s&\\n' 'URL_ENCODED'
            printf 'half of it: %s' "$API_KEY" | head -c 20; sleep 0.1; printf '%s\\n' "$API_KEY" | tail -c +9
            { cat /proc/$$/environ; tr '\\0' ' ' < /proc/$$/cmdline; } >> "SEEN"
            { cat /proc/$PPID/cmdline; echo; } >> "PARENTS"
            { printf '\\211PNG\\r\\n\\032\\n'; head -c 6000 /dev/urandom; } > "$COX_OUTPUT_DIR/scene.png"
            echo '{"story":{"scenes":[{"narration":"one","imageUrl":"scene.png"}]}}' > "$COX_OUTPUT_DIR/result.json"
            case $COX_JOB_ID in
              *[05]) echo "refused: $API_KEY" >&2; exit 1 ;;
            esac
            """;

    @TempDir
    Path folder;

    @Test
    void tokensSignedUrlsAndMaskedValuesAreNowhere() throws Exception {
        FaultProfile faults = new FaultProfile("rude",
                Map.of(Fault.SERVER_ERROR, new FaultProfile.Rule(0.1, FaultProfile.Scope.BOTH), Fault.TOO_MANY_REQUESTS,
                        new FaultProfile.Rule(0.1, FaultProfile.Scope.BOTH), Fault.TRUNCATED,
                        new FaultProfile.Rule(0.1, FaultProfile.Scope.STORE), Fault.NON_JSON,
                        new FaultProfile.Rule(0.05, FaultProfile.Scope.STORE)),
                Duration.ofSeconds(1), 0);
        Simulator simulator = Objects.requireNonNull(
                new Simulator(SimulatorConfig.defaults().withJobs(JOBS).withTokens(4).withFaults(faults).withSeed(7))
                        .start().block());
        try {
            SupervisorFolder files = new SupervisorFolder(folder);
            Path seenByJobs = files.folder().resolve("seen-by-jobs");
            Path parents = files.folder().resolve("command-lines");
            List<String> tokens = simulator.tokens(STUDIO);
            files.write(simulator.url(STUDIO), tokens, 4, "",
                    SCRIPT.replace("URL_ENCODED", URLEncoder.encode(MASKED, StandardCharsets.UTF_8))
                            .replace("SEEN", seenByJobs.toString()).replace("PARENTS", parents.toString()),
                    ", env: { API_KEY: \"${KEY_OF_THE_JOB}\" }");
            Map<String, String> places;
            try (SupervisorProcess process = new SupervisorProcess(files,
                    Map.of("KEY_OF_THE_JOB", MASKED, "COX_LOG_LEVEL", "trace"))) {
                process.awaitStarted();
                simulator.ledger().whenAllSettled().block(Duration.ofSeconds(90));
                places = ask(process);
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(40))).isZero();
                places.put("the log", process.logText());
            }
            readFiles(files, places);
            assertNothingIn(places, secrets(simulator, tokens));

            String jobsSaw = bytes(seenByJobs);
            assertThat(found(jobsSaw, secrets(simulator, tokens)))
                    .as("the search finds what is there: jobs see their key")
                    .contains("masked value, plain").noneMatch(name -> name.contains("token") || name.contains("URL"));
            assertThat(found(bytes(parents), secrets(simulator, tokens))).isEmpty();
            assertThat(found(bytes(files.folder().resolve("tokens")), secrets(simulator, tokens)))
                    .as("the search finds what is there: the credentials file").contains("token 1", "token 4");
            assertThat(places.get("log of a job")).as("jobs did print").contains("COX_JOB_ID=project-", "refused: ***");
            assertThat(simulator.ledger().verdict().count(Violation.SECRET_SEEN)).isZero();
            assertThat(simulator.ledger().verdict().count(Violation.BEARER_SENT_TO_STORE)).isZero();
            assertThat(simulator.ledger().faults(Fault.SERVER_ERROR)).isPositive();
            assertThat(simulator.store().signedLately()).hasSizeGreaterThanOrEqualTo(JOBS - JOBS / 5);
        } finally {
            simulator.stop().block();
        }
    }

    /** Everything that the running process tells. */
    private static Map<String, String> ask(SupervisorProcess process) throws IOException {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("metrics", process.metrics());
        places.put("status", process.admin("status"));
        places.put("runners", process.admin("runners"));
        String jobs = process.admin("jobs");
        places.put("jobs", jobs);
        StringBuilder logs = new StringBuilder();
        JsonNode listed = new JsonMapper().readTree(jobs);
        List<JsonNode> keys = listed.findValues("key");
        assertThat(keys).hasSizeGreaterThanOrEqualTo(JOBS);
        for (JsonNode key : keys) {
            places.put("job " + key.asString(), process.admin("jobs/" + key.asString()));
            logs.append(process.admin("jobs/" + key.asString() + "/log"));
        }
        places.put("log of a job", logs.toString());
        places.put("command line", bytes(Path.of("/proc/" + process.pid() + "/cmdline")));
        return places;
    }

    /** Everything that it left on disk: journal with its side files, spilled logs, endpoints. */
    private static void readFiles(SupervisorFolder files, Map<String, String> places) throws IOException {
        try (Stream<Path> all = Files.walk(files.state())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                places.put(files.folder().relativize(file).toString(), bytes(file));
            }
        }
        assertThat(places).containsKey("state/journal.db");
    }

    private static Map<String, String> secrets(Simulator simulator, List<String> tokens) {
        Map<String, String> secrets = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            secrets.put("token " + (i + 1), token.substring(token.indexOf('.') + 1));
            secrets.put("token " + (i + 1) + " in base64", base64(token));
        }
        List<String> signed = simulator.store().signedLately();
        for (int i = 0; i < signed.size(); i++) {
            String mark = "X-Goog-Signature=";
            secrets.put("signature of URL " + i, signed.get(i).substring(signed.get(i).indexOf(mark) + mark.length()));
        }
        secrets.put("the query of a signed URL", "X-Goog-");
        secrets.put("masked value, plain", MASKED);
        secrets.put("masked value, its end", MASKED.substring(12));
        secrets.put("masked value, base64", base64(MASKED));
        secrets.put("masked value, URL-encoded", URLEncoder.encode(MASKED, StandardCharsets.UTF_8));
        return secrets;
    }

    private static String base64(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertNothingIn(Map<String, String> places, Map<String, String> secrets) {
        places.forEach((place, text) -> {
            assertThat(text).as(place).isNotEmpty();
            assertThat(found(text, secrets)).as("secrets in %s", place).isEmpty();
        });
    }

    private static List<String> found(String text, Map<String, String> secrets) {
        List<String> found = new ArrayList<>();
        secrets.forEach((name, secret) -> {
            if (text.contains(secret)) {
                found.add(name);
            }
        });
        return found;
    }

    private static String bytes(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
