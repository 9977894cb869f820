package dev.coxswain.supervisor.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.config.FleetFile;

import static org.assertj.core.api.Assertions.assertThat;

/** The unit file is one that systemd takes, is as closed as it can be, and lets a drain end. */
class SystemdUnitTest {
    private static final Path UNIT = DeployFiles.FOLDER.resolve("systemd/coxswain.service");
    /** Of 10; versions of systemd weigh a little differently. */
    private static final String MOST_EXPOSED = "2.5";

    @TempDir
    Path folder = Path.of("");

    @Test
    void systemdFindsNothingWrongWithTheUnit() throws Exception {
        Tool.need("systemd-analyze", "systemd");

        Tool.End end = Tool.run(List.of("systemd-analyze", "verify", "--man=no", installed().toString()));

        assertThat(end.code()).as(end.said()).isZero();
        // it also speaks of units of the host
        assertThat(end.said().lines().filter(line -> line.contains("coxswain"))).isEmpty();
    }

    @Test
    void theServiceIsHardlyExposed() throws Exception {
        Tool.need("systemd-analyze", "systemd");

        Tool.End end = Tool.run(List.of("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold="
                + MOST_EXPOSED.replace(".", ""), installed().toString()));

        assertThat(end.code()).as(end.said()).isZero();
        Matcher level = Pattern.compile("Overall exposure level for \\S+: (\\d+\\.\\d)").matcher(end.said());
        assertThat(level.find()).as(end.said()).isTrue();
        assertThat(Double.parseDouble(level.group(1))).isLessThanOrEqualTo(Double.parseDouble(MOST_EXPOSED));
    }

    /** What is protected of /proc has a mount over it, and then Linux lets no sandbox mount a new one. */
    @Test
    void theDropInGivesASandboxWhatItNeedsAndNoMore() throws Exception {
        Tool.need("systemd-analyze", "systemd");
        Path unit = installed();
        Path dropIns = Files.createDirectory(folder.resolve("coxswain.service.d"));
        Set<String> before = closed(unit);

        Files.copy(UNIT.resolveSibling("bubblewrap.conf"), dropIns.resolve("bubblewrap.conf"));

        Set<String> opened = new TreeSet<>(before);
        opened.removeAll(closed(unit));
        assertThat(opened).containsExactlyInAnyOrder("ProtectHostname", "ProtectKernelLogs", "ProtectKernelTunables",
                "RestrictNamespaces_cgroup", "RestrictNamespaces_ipc", "RestrictNamespaces_mnt",
                "RestrictNamespaces_net", "RestrictNamespaces_pid", "RestrictNamespaces_user",
                "RestrictNamespaces_uts", "SystemCallFilter_mount");
        assertThat(closed(unit)).doesNotContain("ProcSubset", "ProtectControlGroups").contains("NoNewPrivileges");
    }

    /** What systemd takes for set in the unit with its drop-ins. */
    private static Set<String> closed(Path unit) throws Exception {
        Tool.End end = Tool.run(List.of("systemd-analyze", "security", "--no-pager", "--offline=true", "--json=short",
                unit.toString()));
        String json = end.said().substring(end.said().indexOf('['), end.said().lastIndexOf(']') + 1);
        return DeployFiles.MAPPER.readTree(json).valueStream().filter(each -> each.path("set").asBoolean(false))
                .map(each -> each.path("json_field").asString()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aStopWaitsForTheDrain() throws IOException {
        FleetFile defaults = DeployFiles.fleet("""
                supervisor: { stateDir: %s/state }
                controlPlanes: { shorts: { protocol: xenonflare-studio, url: https://cloud.example.org } }
                pools: [ { name: shorts, controlPlane: shorts, credentials: { values: [ one ] }, workload: { command: [ sh ] } } ]
                """.formatted(folder), folder);

        assertThat(DeployFiles.seconds(value("TimeoutStopSec")))
                .isEqualTo(defaults.drainGrace().plus(Duration.ofMinutes(1)));
        assertThat(value("KillMode")).isEqualTo("mixed");
        assertThat(value("Type")).isEqualTo("notify");
    }

    @Test
    void whatTheProcessExecutorNeedsIsNotTakenAway() {
        assertThat(value("Delegate")).isEqualTo("yes");
        assertThat(DeployFiles.text(UNIT)).doesNotContainPattern("(?m)^ProtectControlGroups=")
                .doesNotContainPattern("(?m)^MemoryDenyWriteExecute=");
        assertThat(value("RestrictAddressFamilies")).contains("AF_UNIX", "AF_INET", "AF_INET6");
    }

    /** As on a server: what it starts is there. */
    private Path installed() throws IOException {
        Path program = Files.writeString(folder.resolve("cox"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return Files.writeString(folder.resolve("coxswain.service"),
                DeployFiles.text(UNIT).replace("/opt/coxswain/cox", program.toString()));
    }

    private static String value(String name) {
        return DeployFiles.text(UNIT).lines().filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1)).reduce((one, two) -> two).orElse("");
    }
}
