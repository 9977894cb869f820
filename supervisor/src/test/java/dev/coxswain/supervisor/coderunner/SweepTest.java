package dev.coxswain.supervisor.coderunner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class SweepTest {
    @TempDir
    Path dir;

    @Test
    void whatIsOldOrTooManyGoesWithItsFiles() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        time.advanceTimeTo(Instant.parse("2026-05-01T00:00:00Z"));
        FleetClock clock = FleetClock.of(time);
        Scheduler files = Schedulers.newBoundedElastic(1, 100, "test-files");
        Store store = new Store(dir.resolve("store.db"), Schedulers.parallel());
        CodeFolders folders = new CodeFolders(dir);
        LogFolder logs = new LogFolder(folders.logs(), files, clock);
        CoderunnerLimits usual = CoderunnerLimits.DEFAULT;
        CoderunnerLimits three = new CoderunnerLimits(usual.waiting(), usual.functionTimeout(), usual.jobTimeout(),
                usual.uploadBytes(), usual.payloadBytes(), usual.definitions(), usual.deployments(),
                usual.executions(), usual.versions(), usual.archive(), usual.keepFor(), 3);
        UUID definition = UUID.randomUUID();
        UUID deployment = UUID.randomUUID();
        try {
            store.open().block(TestServer.PATIENCE);
            store.write(sql -> {
                DeploymentRows.insert(sql, new Deployment(deployment, definition, definition, definition,
                        DeploymentType.FUNCTION, DeploymentStatus.COMPLETED, null, Size.DEFAULT, null, true,
                        clock.now(), clock.now(), "u"));
                return true;
            }).block(TestServer.PATIENCE);
            Execution old = insert(store, definition, deployment, clock.now().minus(Duration.ofDays(8)), true);
            Execution lately = insert(store, definition, UUID.randomUUID(), clock.now().minus(Duration.ofDays(30)),
                    false);
            store.write(sql -> ExecutionRows.end(sql, lately.id(), ExecutionEnd.failed("Exit", "x"), clock.now()))
                    .block(TestServer.PATIENCE);
            Execution open = insert(store, definition, deployment, clock.now().minus(Duration.ofDays(9)), false);
            List<Execution> recent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                recent.add(insert(store, definition, deployment, clock.now().minusSeconds(60 - i), true));
            }
            Path log = Files.createDirectories(dir.resolve("logs/" + definition)).resolve(old.id() + ".jsonl");
            Files.writeString(log, "{}\n");

            assertThat(new Sweep(store, logs, folders, files, three, clock).run().block(TestServer.PATIENCE))
                    .isEqualTo(3);

            List<UUID> left = Objects.requireNonNull(store
                    .read(sql -> ExecutionRows.ofDeployment(sql, deployment, new Page(1, 100)))
                    .block(TestServer.PATIENCE)).stream().map(Execution::id).toList();
            assertThat(left).containsExactly(recent.get(4).id(), recent.get(3).id(), recent.get(2).id(), open.id());
            assertThat(log).doesNotExist();
            assertThat(store.read(sql -> ExecutionRows.any(sql, lately.id())).block(TestServer.PATIENCE))
                    .as("a service that ran for long, and has just ended").isNotNull();
        } finally {
            store.close().block(TestServer.PATIENCE);
            files.dispose();
        }
    }

    private static Execution insert(Store store, UUID definition, UUID deployment, Instant at, boolean ended) {
        Execution it = new Execution(Ids.next(), definition, deployment, definition, definition, Trigger.MANUAL,
                ExecutionStatus.PENDING, at, null, null, null, null, null, null, false, null);
        store.write(sql -> {
            ExecutionRows.insert(sql, it, "job", null);
            return !ended || ExecutionRows.end(sql, it.id(), ExecutionEnd.failed("Failed", "x"), at);
        }).block(TestServer.PATIENCE);
        return it;
    }
}
