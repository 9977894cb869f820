package dev.coxswain.supervisor.doctor;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class DoctorTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Scheduler scheduler = Schedulers.newBoundedElastic(4, 100, "doctor");
    @TempDir
    private Path folder;

    @AfterEach
    void giveThreadsBack() {
        scheduler.dispose();
    }

    @Test
    void thisHostIsExaminedWhole() {
        Doctor doctor = new Doctor(folder.resolve("not/yet/there"), folder, null, FleetClock.system(), scheduler);

        StepVerifier.create(doctor.examine()).assertNext(findings -> {
            assertThat(findings).extracting(Finding::name).doesNotHaveDuplicates().contains("jdk", "heap", "proc",
                    "memory", "cgroup", "user namespaces", "open files", "processes", "pids", "pressure",
                    "monotonic clock", "stateDir", "workDir", "wall clock", "setsid", "bubblewrap", "podman", "docker",
                    "perl", "node", "python3", "dotnet", "git", "kubectl context");
            assertThat(findings).allSatisfy(finding -> {
                assertThat(finding.detail()).isNotBlank().doesNotContain("\n");
                assertThat(finding.hint() == null).isEqualTo(finding.level() == Finding.Level.OK);
            });
            assertThat(byName(findings).get("jdk")).extracting(Finding::level).isEqualTo(Finding.Level.OK);
        }).expectComplete().verify(SOON);
    }

    @Test
    void aBareHostIsToldAsSuch() {
        Map<String, Finding> found = byName(new HostFindings(new HostFiles(folder)).all());

        assertThat(found.get("proc")).extracting(Finding::level).isEqualTo(Finding.Level.MISSING);
        assertThat(found.get("cgroup")).extracting(Finding::detail).isEqualTo("none mounted");
        assertThat(found.get("user namespaces")).extracting(Finding::level).isEqualTo(Finding.Level.WARN);
        assertThat(found.get("pressure")).extracting(Finding::level).isEqualTo(Finding.Level.WARN);
        assertThat(found.get("open files")).extracting(Finding::level).isEqualTo(Finding.Level.WARN);
    }

    @Test
    void aGoodHostIsToldAsSuch() throws Exception {
        host("proc/self/stat", "1 (java) S");
        host("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        host("proc/self/cgroup", "0::/cox\n");
        host("sys/fs/cgroup/cox/cgroup.controllers", "cpuset cpu io memory pids\n");
        host("sys/fs/cgroup/cox/cgroup.kill", "");
        host("proc/sys/user/max_user_namespaces", "96365\n");
        host("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n");

        Map<String, Finding> found = byName(new HostFindings(new HostFiles(folder)).all());

        for (String name : List.of("proc", "cgroup", "cgroup controllers", "cgroup.kill", "user namespaces",
                "pressure")) {
            assertThat(found.get(name)).as(name).extracting(Finding::level).isEqualTo(Finding.Level.OK);
        }
        host("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertThat(byName(new HostFindings(new HostFiles(folder)).all()).get("user namespaces"))
                .extracting(Finding::detail).isEqualTo("restricted by AppArmor");
    }

    @Test
    void anOldJdkIsTold() {
        assertThat(HostFindings.jdk(17, "x").level()).isEqualTo(Finding.Level.MISSING);
    }

    @Test
    void aProgramThatDoesNotEndIsKilledAtItsLimit() {
        Programs programs = new Programs(scheduler, Duration.ofMillis(300));

        StepVerifier.create(programs.run(List.of("sh", "-c", "echo here; exec sleep 600"))).assertNext(ran -> {
            assertThat(ran.end()).isEqualTo(Programs.End.TOO_SLOW);
            assertThat(ProgramFindings.judge("x", "hint", ran).level()).isEqualTo(Finding.Level.WARN);
        }).expectComplete().verify(SOON);
    }

    @Test
    void outputWithoutEndIsCut() {
        Programs programs = new Programs(scheduler, Duration.ofSeconds(1));

        StepVerifier.create(programs.run(List.of("sh", "-c", "yes"))).assertNext(ran -> {
            assertThat(ran.output()).hasSize(4096);
            assertThat(ran.end()).isEqualTo(Programs.End.TOO_SLOW);
        }).expectComplete().verify(SOON);
    }

    @Test
    void exitsAndMissingProgramsAreTold() {
        Programs programs = new Programs(scheduler, SOON);

        StepVerifier.create(programs.run(List.of("sh", "-c", "echo; echo ' it  is broken' >&2; exit 3"))
                .map(ran -> ProgramFindings.judge("x", "hint", ran))).expectNext(
                        Finding.warn("x", "exit 3: it  is broken", "hint"))
                .expectComplete().verify(SOON);
        StepVerifier.create(programs.run(List.of("coxswain-has-no-such-program"))
                .map(ran -> ProgramFindings.judge("x", "hint", ran))).expectNext(
                        Finding.missing("x", "not found", "hint"))
                .expectComplete().verify(SOON);
    }

    @Test
    void clocksApartAreTold() {
        Instant noon = Instant.parse("2026-05-04T12:00:00Z");

        assertThat(ClockFindings.judge(noon, "Mon, 04 May 2026 12:00:02 GMT").level()).isEqualTo(Finding.Level.OK);
        Finding behind = ClockFindings.judge(noon, "Mon, 04 May 2026 12:01:00 GMT");
        assertThat(behind.level()).isEqualTo(Finding.Level.WARN);
        assertThat(behind.detail()).contains("60 s behind");
        assertThat(ClockFindings.judge(noon.plusNanos(123_456_789), "Mon, 04 May 2026 12:00:00 GMT").detail())
                .startsWith("2026-05-04T12:00:00Z,");
        assertThat(ClockFindings.judge(noon, "yesterday").detail()).contains("can't be read");
    }

    @Test
    void theClockIsComparedWithAServersDate() {
        var server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> response.status(405)
                .header("Date", "Mon, 04 May 2020 12:01:00 GMT").send()).bindNow(SOON);
        try {
            ClockFindings clock = new ClockFindings(FleetClock.system());

            StepVerifier.create(clock.compare(URI.create("http://127.0.0.1:" + server.port() + "/")))
                    .assertNext(finding -> assertThat(finding.detail()).contains("ahead of")).expectComplete()
                    .verify(SOON);
        } finally {
            server.disposeNow(SOON);
        }
        StepVerifier.create(new ClockFindings(FleetClock.system()).compare(URI.create("http://127.0.0.1:1/")))
                .assertNext(finding -> assertThat(finding.detail()).contains("could not be compared")).expectComplete()
                .verify(SOON);
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(DiskFindings.of("stateDir", file.resolve("state")).level()).isEqualTo(Finding.Level.MISSING);
    }

    private void host(String path, String text) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Map<String, Finding> byName(List<Finding> findings) {
        return findings.stream().collect(Collectors.toMap(Finding::name, Function.identity()));
    }
}
