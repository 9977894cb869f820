package dev.coxswain.supervisor.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a wrong file is answered with: every problem, each with its place. */
class RefusalsTest {
    @TempDir
    Path path = Path.of("");
    private Folder folder = new Folder(path);

    @BeforeEach
    void enter() {
        folder = new Folder(path);
    }

    /** A right file with one change, and the lines that are expected, without the file's name. */
    static Stream<Arguments> changes() {
        return Stream.of(
                change("    controlPlane: shorts", "    controlPlan: shorts",
                        "3:5: pools[0].controlPlane: is missing; a name from `controlPlanes`",
                        "4:5: pools[0].controlPlan: unknown key; did you mean controlPlane?"),
                change("    controlPlane: shorts", "    controlPlane: short",
                        "4:19: pools[0].controlPlane: there is no control plane of this name; did you mean shorts?"),
                change("    controlPlane: shorts", "    controlPlane: else",
                        "4:19: pools[0].controlPlane: there is no control plane of this name; use one of: shorts"),
                change("xenonflare-studio", "buildkite",
                        "1:37: controlPlanes.shorts.protocol: is not a known word; use one of: xenonflare-studio, xenonflare-workspace, oore, shithub, coderunner"),
                change("xenonflare-studio", "xenonflare-workspace",
                        "6:15: pools[0].workload.apiKey: is missing, and api.openai.com needs one; write \"${OPENAI_API_KEY}\", or name another server in baseUrl",
                        "6:26: pools[0].workload.command: is no key of a workload of kind responses"),
                change("xenonflare-studio", "xenonflare-studi0",
                        "1:37: controlPlanes.shorts.protocol: is not a known word; did you mean xenonflare-studio?"),
                change("https:", "ftp:", "1:61: controlPlanes.shorts.url: must begin with https:// or http://"),
                change("https:", "http:",
                        "1:61: controlPlanes.shorts.url: must begin with https://, because a credential goes there; http is allowed to a loopback address or localhost only"),
                change("https://", "https://me:hidden@",
                        "1:61: controlPlanes.shorts.url: must not hold a user or a password; credentials belong to the pool"),
                change("example.org", "example.org/?a=b",
                        "1:61: controlPlanes.shorts.url: must not have a query or a fragment; everything from ? or # on is not allowed"),
                change("https://c.example.org", "https://",
                        "1:61: controlPlanes.shorts.url: is not a URL; write for example https://ci.example.org"),
                change("example.org", "example.org, requestsPerSecond: 0",
                        "1:103: controlPlanes.shorts.requestsPerSecond: must be above 0 and at most 100000"),
                change("example.org", "example.org, requestsPerSecond: fast",
                        "1:103: controlPlanes.shorts.requestsPerSecond: must be a number above 0, at most 100000"),
                change("example.org", "example.org, requestsPerSecond: '5'",
                        "1:103: controlPlanes.shorts.requestsPerSecond: must be a number, not a text; remove the quotes"),
                change("example.org", "example.org, poll: { min: 1m }",
                        "1:97: controlPlanes.shorts.poll.min: poll.min (1m) is more than poll.max (30s)"),
                change("example.org", "example.org, poll: { min: 1ms }",
                        "1:97: controlPlanes.shorts.poll.min: must be from 10ms to 1h"),
                change("example.org", "example.org, poll: { max: 5 }",
                        "1:97: controlPlanes.shorts.poll.max: is not a duration; write a whole number and ms, s, m or h, for example 30s"),
                change("{ values: [ token-one ] }", "{ file: none.tokens }",
                        "5:26: pools[0].credentials.file: none.tokens: there is no such file"),
                change("{ values: [ token-one ] }", "{ file: ~/tokens }",
                        "5:26: pools[0].credentials.file: begins with ~, which is not expanded; write ${HOME} instead"),
                change("{ values: [ token-one ] }", "{ env: TOKEN }",
                        "5:25: pools[0].credentials.env: this environment variable is not set; did you mean TOKENS?"),
                change("{ values: [ token-one ] }", "{}",
                        "5:18: pools[0].credentials: hold no credential; a runner needs one: use file, env or values"),
                change("{ values: [ token-one ] }", "{ values: [] }",
                        "5:18: pools[0].credentials: hold no credential; a runner needs one: use file, env or values"),
                change("{ values: [ token-one ] }", "[ token-one ]",
                        "5:18: pools[0].credentials: must be a mapping of keys, not a list"),
                change("[ token-one ]", "token-one", "5:28: pools[0].credentials.values: must be a list; write [ … ]"),
                change("token-one", "'token one'",
                        "5:30: pools[0].credentials.values[0]: a credential has spaces or characters that are not visible ASCII; write each one by itself"),
                change("token-one", "tok, tok",
                        "5:35: pools[0].credentials.values[1]: the same credential stands in fleet.yaml:5; one credential is one runner"),
                change("    credentials: { values: [ token-one ] }\n", "",
                        "3:5: pools[0].credentials: is missing; what its runners prove themselves with: one credential for each"),
                change("command: [ render ]", "command: []",
                        "6:26: pools[0].workload.command: names no program; write [ /path/to/program, argument ]"),
                change("command: [ render ]", "timeout: 5m",
                        "6:15: pools[0].workload.command: is missing; program and arguments, without a shell; no \"${file:…}\", because everybody on the host can see arguments"),
                change("command: [ render ]", "command: render",
                        "6:26: pools[0].workload.command: must be a list; write [ … ]"),
                change("[ render ]", "[ render, \"${file:fleet.yaml}\" ]",
                        "6:26: pools[0].workload.command: holds a ${file:…}, and everybody on this host can see arguments; put it in workload.env"),
                change("[ render ]", "[ \"\" ]", "6:28: pools[0].workload.command[0]: must not be empty"),
                change("command:", "kind: function, command:",
                        "6:23: pools[0].workload.kind: function can't do the jobs of xenonflare-studio; use pipeline, or a control plane of protocol coderunner"),
                change("[ render ]", "[ render ], timeout: 0s",
                        "6:47: pools[0].workload.timeout: must be from 1s to 168h"),
                change("[ render ]", "[ render ], passEnv: [ A, A ]",
                        "6:52: pools[0].workload.passEnv[1]: stands in the list twice"),
                change("[ render ]", "[ render ], env: { COX_JOB_ID: x }",
                        "6:45: pools[0].workload.env.COX_JOB_ID: is not allowed; names that begin with COX_ belong to the supervisor"),
                change("[ render ]", "[ render ], env: { A: \"${NONE}\" }",
                        "6:48: pools[0].workload.env.A: needs the environment variable NONE, which is not set; set it, or write $${ for a literal ${"),
                change("[ render ]", "[ render ], env: { A: \"${file:gone}\" }",
                        "6:48: pools[0].workload.env.A: needs gone: there is no such file"),
                change("[ render ]", "[ render ], env: { A: \"${B\" }",
                        "6:48: pools[0].workload.env.A: has a ${ without its }; write $${ for a literal ${"),
                change("[ render ]", "[ render ], env: { A: ~ }",
                        "6:48: pools[0].workload.env.A: has no value; give it one or remove the key; \"\" is an empty text"),
                change("  - name", "  - slotsPerRunner: 0\n    name",
                        "3:21: pools[0].slotsPerRunner: must be from 1 to 1000"),
                change("  - name", "  - slotsPerRunner: 2\n    name",
                        "3:21: pools[0].slotsPerRunner: a runner of xenonflare-studio holds one job at a time; give the pool a credential for each job it should run at once"),
                change("  - name", "  - minSlots: 5\n    maxSlots: 4\n    name",
                        "3:15: pools[0].minSlots: is more than maxSlots (4)"),
                change("  - name", "  - minSlots: 9\n    name",
                        "3:15: pools[0].minSlots: the pools up to here reserve 9 slots, and slots.total is 8"),
                change("  - name", "  - runners: 9\n    name",
                        "3:14: pools[0].runners: is no key of a pool of xenonflare-studio; each of its credentials is a runner"),
                change("  - name", "  - executor: hots\n    name",
                        "3:15: pools[0].executor: there is no executor of this name; did you mean host?"),
                change("  - name: shorts", "  - name: sh orts",
                        "3:11: pools[0].name: is not a name; " + Values.NAME_HINT),
                change("    controlPlane: shorts", "    controlPlane: shorts\n    controlPlane: shorts",
                        "5:5: pools[0].controlPlane: a second time in the same place; the first one is in line 4"),
                change("slots: { total: 8 }", "slots: { total: 8, refuseWhen: { memoryAbove: 90 } }",
                        "7:47: slots.refuseWhen.memoryAbove: is not a percentage; write a number and %, for example 90%"),
                change("slots: { total: 8 }", "slots: { total: 8, refuseWhen: { pidsAbove: 100% } }",
                        "7:45: slots.refuseWhen.pidsAbove: must be from 1% to 99%"),
                change("slots: { total: 8 }", "slots: { total: 8, refuseWhen: { diskFreeBelow: 5% } }",
                        "7:49: slots.refuseWhen.diskFreeBelow: is not a size; write a whole number and B, KiB, MiB, GiB or TiB, for example 64MiB"),
                change("slots: { total: 8 }", "slots: { total: 8, refuseWhen: { loadPerCoreAbove: 0 } }",
                        "7:52: slots.refuseWhen.loadPerCoreAbove: must be above 0 and at most 1000"),
                change("slots: { total: 8 }", "slots: { total: 8, refuseWhen: { memAbove: 90% } }",
                        "7:34: slots.refuseWhen.memAbove: unknown key; did you mean memoryAbove?"),
                change("slots: { total: 8 }", "slots: { total: 8, refuseWhen: 90% }",
                        "7:32: slots.refuseWhen: must be a mapping of keys, not a single value"),
                change("slots: { total: 8 }", "slots: { total: many }",
                        "7:17: slots.total: must be a whole number from 1 to 100000"),
                change("slots: { total: 8 }", "slots: { totl: 8 }",
                        "7:10: slots.totl: unknown key; did you mean total?"),
                change("slots: { total: 8 }", "slots: { tok-hidden1: 8 }", "7:10: slots.…: unknown key"),
                change("slots: { total: 8 }", "slots:",
                        "7:7: slots: has no value; give it one or remove the key; \"\" is an empty text"),
                change("slots: { total: 8 }", "uploads: { parallel: 2, perJob: 3 }",
                        "7:33: uploads.perJob: is more than uploads.parallel (2)"),
                change("slots: { total: 8 }", "executors: { box: { kind: container } }",
                        "7:19: executors.box.image: is missing; container, kubernetes: image of the containers or pods; "
                                + "has a POSIX shell, coreutils, findutils and grep, or busybox"),
                change("slots: { total: 8 }", "executors: { box: { kind: container, image: i, lifetime: 1h } }",
                        "7:58: executors.box.lifetime: is no key of an executor of kind container"),
                change("slots: { total: 8 }", "executors: { box: { kind: container, image: i, pull: always } }",
                        "7:54: executors.box.pull: is not a known word; use one of: missing, never"),
                change("slots: { total: 8 }", "executors: { box: { kind: container, image: i, socket: a.sock } }",
                        "7:56: executors.box.socket: is no absolute path; write for example /run/podman/podman.sock"),
                change("slots: { total: 8 }",
                        "executors: { box: { kind: container, image: i, limits: { disk: 1Gi } } }",
                        "7:64: executors.box.limits.disk: is no limit of an executor of kind container; "
                                + "a job's folder lies in supervisor.workDir: give that a file system of its own"),
                change("slots: { total: 8 }", "executors: { safe: { kind: process, pull: never } }",
                        "7:43: executors.safe.pull: is no key of an executor of kind process"),
                change("slots: { total: 8 }", "sharding: { mode: static, index: 2, count: 2 }",
                        "7:34: sharding.index: index 2 is not below count 2; indexes begin with 0"),
                change("slots: { total: 8 }", "sharding: { mode: static, index: 1 }",
                        "7:11: sharding.count: is missing; static: how many supervisors there are"),
                change("slots: { total: 8 }", "sharding: { mode: kubernetes, count: 2 }",
                        "7:38: sharding.count: belongs to mode static, and the mode is kubernetes"),
                change("slots: { total: 8 }", "sharding: { mode: kubernetes, namespace: My_Jobs }",
                        "7:42: sharding.namespace: is not a name that Kubernetes takes; use at most 63 lower-case letters, digits and dashes"),
                change("slots: { total: 8 }", "executors: { pods: { kind: kubernetes, namespace: jobs } }",
                        "7:20: executors.pods.image: is missing; container, kubernetes: image of the containers or pods; has a POSIX shell, "
                                + "coreutils, findutils and grep, or busybox"),
                change("slots: { total: 8 }", "executors: { pods: { kind: process, image: alpine } }",
                        "7:44: executors.pods.image: is no key of an executor of kind process"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: jobs, image: i, parallelStarts: 2 } }",
                        "7:83: executors.pods.parallelStarts: is no key of an executor of kind kubernetes"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: J_bs, image: i } }",
                        "7:51: executors.pods.namespace: is no name of a namespace; a-z, 0-9 and - only, 63 at most"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, limits: { cpu: two } } }",
                        "7:79: executors.pods.limits.cpu: is no amount of cores; write 2, 0.5 or 500m"),
                change("slots: { total: 8 }", "executors: { safe: { kind: process, sandbox: bubblewarp } }",
                        "7:46: executors.safe.sandbox: is not a known word; did you mean bubblewrap?"),
                change("slots: { total: 8 }", "executors: { safe: { kind: process, limits: { disk: 1GiB } } }",
                        "7:53: executors.safe.limits.disk: is no limit of an executor of kind process"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, limits: { pids: 9 } } }",
                        "7:80: executors.pods.limits.pids: is no limit of an executor of kind kubernetes"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, nodeSelector: { -a: b } } }",
                        "7:80: executors.pods.nodeSelector.…: is no key of a label; at most 63 letters, digits, dots, "
                                + "dashes and underscores, behind a prefix such as example.org/ or none"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, nodeSelector: { a: b c } } }",
                        "7:83: executors.pods.nodeSelector.a: is no value of a label; at most 63 letters, digits, dots, "
                                + "dashes and underscores"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, tolerations: [ { value: v } ] } }",
                        "7:79: executors.pods.tolerations[0].key: is missing; operator Exists without a key tolerates "
                                + "every taint"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, tolerations: [ { operator: Exists, value: v } ] } }",
                        "7:106: executors.pods.tolerations[0].value: does not go with operator Exists; remove it, or use "
                                + "Equal"),
                change("slots: { total: 8 }",
                        "executors: { pods: { kind: kubernetes, namespace: j, image: i, tolerations: [ { key: k, seconds: 5 } ] } }",
                        "7:98: executors.pods.tolerations[0].seconds: goes with effect NoExecute only"),
                change("slots: { total: 8 }", "executors: { host: { kind: process, nodeSelector: { a: b } } }",
                        "7:51: executors.host.nodeSelector: is no key of an executor of kind process"),
                change("slots: { total: 8 }", "executors: { a: { kind: process }, b: { kind: process } }",
                        "3:5: pools[0].executor: is missing, and there are several executors; use one of: a, b"),
                change("slots: { total: 8 }", "executors: {}",
                        "7:12: executors: names no executor; remove the key for the default"),
                change("slots: { total: 8 }", "supervisor: { admin: { listen: \"0.0.0.0:1\" } }",
                        "7:32: supervisor.admin.listen: needs a token, because others than this host can reach it; set tokenFile, or listen on 127.0.0.1"),
                change("slots: { total: 8 }", "supervisor: { admin: { listen: \":8710\" } }",
                        "7:32: supervisor.admin.listen: has no host; write 0.0.0.0:8710 for all addresses"),
                change("slots: { total: 8 }", "supervisor: { admin: { listen: \"localhost:65536\" } }",
                        "7:32: supervisor.admin.listen: has a port above 65535"),
                change("slots: { total: 8 }", "supervisor: { admin: { listen: \"300.1.1.1:5\" } }",
                        "7:32: supervisor.admin.listen: is not a listen address; write host:port, for example 127.0.0.1:8710 or [::1]:0"),
                change("slots: { total: 8 }", "supervisor: { admin: { tokenFile: gone } }",
                        "7:35: supervisor.admin.tokenFile: gone: there is no such file"),
                change("slots: { total: 8 }", "supervisor: { admin: { tokenFile: gone, token: t } }",
                        "7:48: supervisor.admin.token: stands beside tokenFile; use one of them"),
                change("slots: { total: 8 }", "supervisor: { metrics: { listen: \"127.0.0.1:8710\" } }",
                        "7:34: supervisor.metrics.listen: admin and metrics listen on the same address"),
                change("slots: { total: 8 }", "supervisor: { stateDir: a/b, workDir: a }",
                        "7:39: supervisor.workDir: must not hold stateDir; leftovers in workDir are removed at start"),
                change("slots: { total: 8 }", "supervisor: { logs: { spillPerJob: 64MB } }",
                        "7:36: supervisor.logs.spillPerJob: is not a size; write a whole number and B, KiB, MiB, GiB or TiB, for example 64MiB"),
                change("slots: { total: 8 }", "supervisor: { drain: { grace: -1s } }",
                        "7:31: supervisor.drain.grace: is not a duration; write a whole number and ms, s, m or h, for example 30s"),
                change("slots: { total: 8 }", "supervisor: [ a ]",
                        "7:13: supervisor: must be a mapping of keys, not a list"),
                change("slots: { total: 8 }", "slots: { total: [ 1 ] }",
                        "7:17: slots.total: must be a whole number, not a list"),
                change("slots: { total: 8 }", "slots: { total: { a: 1 } }",
                        "7:17: slots.total: must be a whole number, not a mapping"),
                change("slots: { total: 8 }", "slots: { total: !!int 8 }",
                        "7:17: slots.total: tags are not allowed; put a text that begins with ! in quotes"),
                change("slots: { total: 8 }", "slots: { <<: { total: 8 } }",
                        "7:10: slots.<<: merge keys are not supported; an alias may stand for a whole value only"),
                change("slots: { total: 8 }", "? [ a ]\n: b", "7:3: a key must be a text"),
                change("slots: { total: 8 }", "slots: *gone",
                        "7:8: slots: an alias (*) of something that is not defined before it"),
                change("slots: { total: 8 }", "slots: &me { total: *me }",
                        "7:21: slots.total: an alias (*) of something that is not defined before it"),
                change("slots: { total: 8 }", "---\nslots: { total: 8 }",
                        "7:1: a second document; only one is allowed"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void oneWrongThingIsNamedWithItsPlace(String from, String to, List<String> expected) {
        String right = """
                controlPlanes: { shorts: {protocol: xenonflare-studio, url: https://c.example.org } }
                pools:
                  - name: shorts
                    controlPlane: shorts
                    credentials: { values: [ token-one ] }
                    workload: { command: [ render ] }
                slots: { total: 8 }
                """;
        Map<String, String> environment = Map.of("TOKENS", "t1 t2", "HOME", "/root");
        assertThat(folder.problems(right, environment)).isEmpty();
        assertThat(right).contains(from);

        assertThat(folder.problems(right.replace(from, to), environment))
                .containsExactlyElementsOf(expected.stream().map(line -> "fleet.yaml:" + line).toList());
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        assertThat(folder.problems("""
                slots: { total: 0 }
                pools:
                  - name: a
                    controlPlane: b
                    color: red
                  - 7
                controlPlanes: {}
                nope: 1
                """)).containsExactly("fleet.yaml:1:17: slots.total: must be from 1 to 100000",
                "fleet.yaml:3:5: pools[0].credentials: is missing; what its runners prove themselves with: one credential for each",
                "fleet.yaml:4:19: pools[0].controlPlane: there is no control plane of this name",
                "fleet.yaml:5:5: pools[0].color: unknown key",
                "fleet.yaml:6:5: pools[1]: must be a mapping of keys, not a single value",
                "fleet.yaml:7:16: controlPlanes: names no control plane; at least one is needed",
                "fleet.yaml:8:1: nope: unknown key");
    }

    @Test
    void poolsMayNotShareANameOrACredential() {
        folder.write("tokens", "# first\ntok-1\n\ntok-2\ntok-1\n");

        assertThat(folder.problems(Folder.LEAST.replace("values: [ token-one ]", "file: tokens") + """
                  - name: shorts
                    controlPlane: shorts
                    credentials: { values: [ tok-3 ] }
                    workload: { command: [ render ] }
                  - name: more
                    controlPlane: shorts
                    credentials: { values: [ tok-2 ] }
                    workload: { command: [ render ] }
                """)).containsExactly(
                "fleet.yaml:8:11: pools[1].name: another pool has this name; the first one is in line 4",
                "fleet.yaml:14:30: pools[2].credentials.values[0]: the same credential stands in pool shorts, tokens:4; one credential is one runner",
                "tokens:5:1: pools[0].credentials.file: the same credential stands in tokens:2; one credential is one runner");
    }

    @Test
    void aWrongLineOfACredentialsFileIsNamedWithoutTheToken() {
        folder.write("tokens", "tok-1\nrunner-7 hidden\n  schlüssel-hidden\n");

        assertThat(folder.problems(Folder.LEAST.replace("values: [ token-one ]", "file: tokens"))).containsExactly(
                "tokens:2:1: pools[0].credentials.file: a credential has spaces or characters that are not visible ASCII; write each one by itself",
                "tokens:3:3: pools[0].credentials.file: a credential has spaces or characters that are not visible ASCII; write each one by itself");
    }

    @Test
    void aSecretInTheWrongPlaceIsNotQuoted() {
        String secret = "rk9zHidden0123456789abcdefghijklmnop";
        List<String> places = List.of("name: shorts", "controlPlane: shorts", "command: [ render ]",
                "values: [ token-one ]",
                "url: https://cloud.example.org", "protocol: xenonflare-studio");

        assertThat(places).allSatisfy(place -> {
            String key = place.substring(0, place.indexOf(':'));
            for (String wrong : List.of(key + ": '" + secret + " x'", secret + ": x", key + ": ['" + secret + "\n']",
                    key + ": !" + secret, key + ": *" + secret, key + ": { " + secret + ": 1 }",
                    key + ": !x!" + secret + " y", key + ": \"${" + secret + ":}\"",
                    key + ": https://u:" + secret + "@h/")) {
                assertThat(String.join("\n", folder.problems(Folder.LEAST.replace(place, wrong))))
                        .doesNotContain("Hidden");
            }
        });
    }

    @Test
    void aFileThatIsNoConfigurationIsRefusedAsAWhole() {
        assertThat(folder.problems(""))
                .containsExactly("fleet.yaml: the file is empty; it needs controlPlanes and pools");
        assertThat(folder.problems("# nothing\n"))
                .containsExactly("fleet.yaml: the file is empty; it needs controlPlanes and pools");
        assertThat(folder.problems("just text"))
                .containsExactly("fleet.yaml:1:1: must be a mapping of keys, not a single value");
        assertThat(folder.problems("a: 1\nb: \u0001\n"))
                .containsExactly("fleet.yaml:2:4: a character that YAML does not allow");
        assertThat(folder.problems("slots:\n\ttotal: 8\n")).singleElement().asString()
                .startsWith("fleet.yaml:2:1: not YAML").endsWith("; indent with spaces, not with tabs");
        assertThat(folder.problems("slots: { total: ${N} }\n", Map.of("N", "8"))).singleElement().asString()
                .startsWith("fleet.yaml:1:").endsWith("; inside { } and [ ] put ${…} in quotes");
        assertThat(folder.problems("#" + " ".repeat(1 << 20)))
                .containsExactly("fleet.yaml: the file is larger than 1MiB");
        folder.write("latin.yaml", "a: b\nc: sch\u00f6n\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refusal("latin.yaml")).isEqualTo("latin.yaml: the file is not UTF-8 text (line 2)");
        assertThat(refusal("none.yaml")).isEqualTo("none.yaml: there is no such file");
        assertThat(refusal(".")).isEqualTo(".: is not a regular file");
    }

    @Test
    void neitherNestingNorAliasesExhaustAnything() {
        assertThat(folder.problems("a: " + "[".repeat(100_000))).singleElement().asString()
                .endsWith("nested deeper than 32 levels");
        assertThat(folder.problems("- ".repeat(100_000))).singleElement().asString()
                .endsWith("nested deeper than 32 levels");
        StringBuilder laughs = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 20; i++) {
            String[] aliases = new String[10];
            Arrays.fill(aliases, "*a" + (i - 1));
            laughs.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", aliases)));
        }
        assertThat(folder.problems(laughs.toString())).singleElement().asString().endsWith("more than 200000 values");
    }

    @Test
    void aWrongFileOfTokensDoesNotMakeAThousandLines() {
        folder.write("tokens", "a b\n".repeat(5000));

        assertThat(folder.problems(Folder.LEAST.replace("values: [ token-one ]", "file: tokens"))).hasSize(101).last()
                .isEqualTo("fleet.yaml: and 4900 more problems");
    }

    private String refusal(String name) {
        try {
            folder.loader().load(Path.of(name), Map.of());
            return "";
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Arguments change(String from, String to, String... expected) {
        return Arguments.of(from, to, List.of(expected));
    }
}
