package dev.coxswain.supervisor.coderunner;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class SchedulesTest {
    private static final UUID TENANT = UUID.randomUUID();

    @TempDir
    Path dir;
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Scheduler files = Schedulers.newBoundedElastic(2, 1_000, "test-files");
    private Store store;
    private Executions executions;
    private Schedules schedules;
    private UUID deployment = new UUID(0, 0);

    SchedulesTest() {
        time.advanceTimeTo(Instant.parse("2026-05-01T10:02:30Z"));
        store = new Store(Path.of("/nowhere"), Schedulers.parallel());
        executions = executions(store);
        schedules = schedules();
    }

    @BeforeEach
    void start() {
        open();
        deployment = Objects.requireNonNull(store.write(this::deployed).block(TestServer.PATIENCE));
        schedules.refresh().block(TestServer.PATIENCE);
    }

    /** A new life on the same file. */
    private void open() {
        store = new Store(dir.resolve("store.db"), Schedulers.parallel());
        executions = executions(store);
        schedules = schedules();
        store.open().then(executions.recover()).then(schedules.refresh()).block(TestServer.PATIENCE);
    }

    private Executions executions(Store of) {
        CodeFolders folders = new CodeFolders(dir == null ? Path.of("/nowhere") : dir);
        return new Executions(of, files, folders, new LogFolder(folders.logs(), files, FleetClock.of(time)),
                CoderunnerLimits.DEFAULT, FleetClock.of(time), Schedulers.parallel());
    }

    private Schedules schedules() {
        return new Schedules(store, executions, CoderunnerLimits.DEFAULT, FleetClock.of(time), time, files);
    }

    private UUID deployed(Sql sql) throws SQLException {
        Instant now = FleetClock.of(time).now();
        Definition definition = new Definition(UUID.randomUUID(), TENANT, "d", "", DeploymentType.SCHEDULE_JOB,
                LanguageType.NODE_JS, now, "u");
        CodeVersion version = new CodeVersion(UUID.randomUUID(), definition.id(), TENANT, "", VersionStatus.COMPLETED,
                null, 1, "", now, "u", "index.js");
        Deployment it = new Deployment(UUID.randomUUID(), definition.id(), version.id(), TENANT,
                DeploymentType.SCHEDULE_JOB, DeploymentStatus.COMPLETED, null, Size.DEFAULT, "*/5 * * * *", true, now,
                now, "u");
        DefinitionRows.insert(sql, definition);
        VersionRows.insert(sql, version);
        DeploymentRows.insert(sql, it);
        return it.id();
    }

    @AfterEach
    void stop() {
        store.close().block(TestServer.PATIENCE);
        files.dispose();
    }

    private void at(String clock) {
        time.advanceTimeTo(Instant.parse("2026-05-01T" + clock + "Z"));
        schedules.tick().block(TestServer.PATIENCE);
    }

    private List<Execution> runs() {
        return Objects.requireNonNull(store.read(sql -> ExecutionRows.ofDeployment(sql, deployment, new Page(1, 100)))
                .block(TestServer.PATIENCE));
    }

    private void end(Execution run) {
        executions.take("r");
        executions.settle(run.id(), new Outcome.Complete("{\"result\":1}"), false).block(TestServer.PATIENCE);
    }

    private void restart() {
        store.close().block(TestServer.PATIENCE);
        open();
    }

    @Test
    void aRunBeginsWhenItIsDueAndOnce() {
        at("10:04:59.999");
        assertThat(runs()).isEmpty();
        at("10:05:00");
        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.trigger()).isEqualTo(Trigger.SCHEDULE);
            assertThat(run.status()).isEqualTo(ExecutionStatus.PENDING);
        });
        at("10:05:00");
        at("10:09:59");
        assertThat(runs()).hasSize(1);
        end(runs().get(0));
        at("10:10:00.300");
        assertThat(runs()).hasSize(2);
    }

    @Test
    void trap13aSlotRunsOnceAlsoAcrossARestart() {
        at("10:05:01");
        end(runs().get(0));
        restart();
        schedules.tick().block(TestServer.PATIENCE);
        at("10:05:30");

        assertThat(runs()).hasSize(1);
    }

    @Test
    void trap13twoServersOnOneStoreStartASlotOnce() {
        Schedules other = schedules();
        other.refresh().block(TestServer.PATIENCE);
        time.advanceTimeTo(Instant.parse("2026-05-01T10:05:00Z"));

        Mono.when(schedules.tick(), other.tick()).block(TestServer.PATIENCE);

        assertThat(runs()).hasSize(1);
    }

    @Test
    void afterDowntimeTheLatestMissedRunIsMadeUpAndNoOther() {
        store.close().block(TestServer.PATIENCE);
        time.advanceTimeTo(Instant.parse("2026-05-01T11:03:00Z"));
        open();
        schedules.tick().block(TestServer.PATIENCE);
        assertThat(runs()).hasSize(1);
        end(runs().get(0));
        at("11:04:59");
        assertThat(runs()).hasSize(1);
        at("11:05:00");
        assertThat(runs()).hasSize(2);
    }

    @Test
    void aSlotBeforeTheDeploymentIsNotMissed() {
        schedules.tick().block(TestServer.PATIENCE);

        assertThat(runs()).isEmpty();
    }

    @Test
    void aRunThatIsStillGoingMakesTheNextOneSkipped() {
        at("10:05:00");
        at("10:10:00");

        assertThat(runs()).hasSize(2);
        assertThat(runs().get(0).status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(runs().get(0).reason()).isEqualTo("Skipped");
        assertThat(executions.waiting()).isEqualTo(1);
    }

    @Test
    void aStoppedScheduleRestsAtOnce() {
        store.write(sql -> {
            DeploymentRows.stop(sql, deployment);
            return true;
        }).block(TestServer.PATIENCE);
        at("10:05:00");
        schedules.refresh().block(TestServer.PATIENCE);
        at("10:10:00");

        assertThat(runs()).isEmpty();
    }
}
