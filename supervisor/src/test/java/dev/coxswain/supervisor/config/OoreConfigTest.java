package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.flutter.FlutterConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;

import static org.assertj.core.api.Assertions.assertThat;

/** A pool of Oore CI: credentials of two words, and the workload {@code flutter}. */
class OoreConfigTest {
    private static final String LEAST = """
            controlPlanes:
              mobile: { protocol: oore, url: https://ci.example.org }
            pools:
              - name: mobile
                controlPlane: mobile
                credentials: { file: ./mobile.tokens }
            """;
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    private Path path;

    private Folder folder(String credentials) {
        Folder folder = new Folder(path);
        folder.write("mobile.tokens", credentials);
        return folder;
    }

    private static List<String> ids(PoolConfig pool) {
        return pool.credentials().stream().map(each -> each.id() + " " + each.token().reveal()).toList();
    }

    @Test
    void nothingMustBeSaidOfTheWorkload() {
        PoolConfig pool = folder("# two\nr-1 " + TOKEN + "\n\n  r-2\t" + TOKEN + "2  \n").load(LEAST).pools()
                .getFirst();

        assertThat(ids(pool)).containsExactly("r-1 " + TOKEN, "r-2 " + TOKEN + "2");
        assertThat(pool.credentials()).extracting(Credential::runner).doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("mobile-") && !name.contains(TOKEN));
        assertThat(pool.workload()).isEqualTo(new WorkloadEntry.Flutter(
                new FlutterConfig(FlutterConfig.usualPlatforms(), List.of(), Duration.ofMinutes(55), null)));
    }

    @Test
    void platformsToolsAndLimitsAreThePools() {
        PoolConfig pool = folder("r-1 " + TOKEN).load(LEAST
                + "    workload: { kind: flutter, platforms: [ android, macos ], tools: [ fvm ], timeout: 20m, androidHome: ./sdk }\n")
                .pools().getFirst();

        assertThat(pool.workload()).isEqualTo(new WorkloadEntry.Flutter(new FlutterConfig(List.of("android", "macos"),
                List.of("fvm"), Duration.ofMinutes(20), path.resolve("sdk").toString())));
    }

    @Test
    void variableAndValuesHoldIdAndTokenToo() {
        Folder folder = new Folder(path);
        String yaml = LEAST.replace("{ file: ./mobile.tokens }", "{ env: MOBILE, values: [ \"r-3 ${THIRD}\" ] }");
        PoolConfig pool = folder.load(yaml, Map.of("MOBILE", "r-1 " + TOKEN + ",\nr-2 " + TOKEN + "2", "THIRD",
                TOKEN + "3")).pools().getFirst();

        assertThat(ids(pool)).containsExactly("r-1 " + TOKEN, "r-2 " + TOKEN + "2", "r-3 " + TOKEN + "3");
        assertThat(pool.credentials()).extracting(Credential::token).contains(new Secret(TOKEN + "3"));
    }

    @Test
    void aCredentialOfOneWordIsNamedWithItsLineAndNotShown() {
        assertThat(folder("r-1 " + TOKEN + "\n" + TOKEN + "4\n").problems(LEAST, Map.of())).singleElement().asString()
                .contains("mobile.tokens:2:1").contains("is two words").contains("<runnerId> <token>")
                .contains("cox register oore").doesNotContain(TOKEN);
        assertThat(folder("r/1 " + TOKEN).problems(LEAST, Map.of())).singleElement().asString()
                .contains("is no runner id").doesNotContain(TOKEN);
        assertThat(folder("r-1 " + TOKEN + " more").problems(LEAST, Map.of())).singleElement().asString()
                .contains("is two words").doesNotContain(TOKEN);
    }

    @Test
    void whatCanNotWorkIsRefused() {
        Folder folder = folder("r-1 " + TOKEN);
        assertThat(folder.problems(LEAST + "    workload: { kind: pipeline, command: [ x ] }\n", Map.of()))
                .singleElement().asString().contains("pipeline can't do the jobs of oore").contains("use flutter");
        assertThat(folder.problems(LEAST + "    workload: { platforms: [ windows ] }\n", Map.of())).singleElement()
                .asString().contains("platforms[0]").contains("android, ios, macos");
        assertThat(folder.problems(LEAST + "    workload: { command: [ x ] }\n", Map.of())).singleElement().asString()
                .contains("command: is no key of a workload of kind flutter");
        assertThat(folder.problems(LEAST.replace("https://ci.example.org", "http://ci.example.org"), Map.of()))
                .singleElement().asString().contains("must begin with https://");
        assertThat(folder.problems(LEAST.replace("https://ci.example.org", "http://localhost:8787"), Map.of()))
                .isEmpty();
    }
}
