package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** A large payload lies in a file as long as its execution has not ended, and no longer. */
class PayloadFilesTest {
    private static final UUID ID = UUID.randomUUID();
    private static final Definition DEFINITION = new Definition(ID, ID, "d", "", DeploymentType.BACKGROUND_JOB,
            LanguageType.NODE_JS, Instant.EPOCH, "u");
    private static final CodeVersion VERSION = new CodeVersion(ID, ID, ID, "", VersionStatus.COMPLETED, null, 1, "",
            Instant.EPOCH, "u", "index.js");

    @TempDir
    Path dir;
    private final Scheduler files = Schedulers.newBoundedElastic(2, 100, "test-files");
    private Store store = new Store(Path.of("/nowhere"), Schedulers.parallel());
    private CodeFolders folders = new CodeFolders(Path.of("/nowhere"));

    @BeforeEach
    void open() throws IOException {
        folders = new CodeFolders(dir);
        folders.prepare();
        store = new Store(folders.store(), Schedulers.parallel());
        store.open().block(TestServer.PATIENCE);
    }

    @AfterEach
    void close() {
        store.close().block(TestServer.PATIENCE);
        files.dispose();
    }

    private Executions executions() {
        FleetClock clock = FleetClock.system();
        return new Executions(store, files, folders, new LogFolder(folders.logs(), files, clock),
                CoderunnerLimits.DEFAULT, clock, Schedulers.parallel());
    }

    private static Submission large(Submission.@Nullable Repeat repeat) {
        return new Submission(Ids.next(), null, DEFINITION, VERSION, Size.DEFAULT, Trigger.MANUAL, Submission.Kind.JOB,
                null, null, "\"" + "x".repeat(100_000) + "\"", false, repeat);
    }

    private long left() throws IOException {
        try (Stream<Path> left = Files.list(folders.payloads())) {
            return left.count();
        }
    }

    @Test
    void twoRequestsAtOnceForOneExecutionLeaveOneFile() throws IOException {
        Executions executions = executions();
        Submission.Repeat same = new Submission.Repeat(ID, "key");

        // both look whether the key is known before either is stored: the store does one thing after the other
        var tickets = Objects.requireNonNull(Mono.zip(executions.submit(large(same)), executions.submit(large(same)))
                .block(TestServer.PATIENCE));

        assertThat(tickets.getT1().id()).isEqualTo(tickets.getT2().id());
        assertThat(left()).isOne();
        executions.stop(tickets.getT1().id(), ExecutionEnd.cancelled("Cancelled", "x")).block(TestServer.PATIENCE);
        assertThat(left()).isZero();
    }

    @Test
    void oneThatCannotBeStoredLeavesNone() throws IOException {
        Executions executions = executions();
        store.close().block(TestServer.PATIENCE);

        StepVerifier.create(executions.submit(large(null))).expectError().verify(TestServer.PATIENCE);

        assertThat(left()).isZero();
    }
}
