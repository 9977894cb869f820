package dev.coxswain.supervisor.register;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegistrationTest implements Registrar {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;
    private final Scheduler disk = Schedulers.newBoundedElastic(1, 16, "test-disk");
    private final List<String> live = new ArrayList<>();
    /** What happens between the check of the file and the write. */
    private Runnable meanwhile = () -> {};
    private boolean revokes = true;

    @AfterEach
    void end() {
        disk.dispose();
    }

    @Test
    void credentialsAreAddedBelowWhatIsThereAndOnlyTheOwnerReadsThem() throws IOException {
        Path out = Files.writeString(folder.resolve("tokens"), "old.key");

        StepVerifier.create(registration(out).register("n", 2)).expectNextCount(2).expectComplete().verify(PATIENCE);

        assertThat(out).hasContent("old.key\n# id-1, runner n-1\nn-1.s3cret\n# id-2, runner n-2\nn-2.s3cret\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out))).isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(out);
        }
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path target = Files.createFile(folder.resolve("target"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);

        StepVerifier.create(registration(link).register(null, 1)).expectNextCount(1).expectComplete().verify(PATIENCE);

        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("# id-1, runner null\nnull.s3cret\n");
    }

    @Test
    void aCredentialThatCannotBeKeptIsRevokedAgainAndNothingMoreIsMade() throws IOException {
        Path out = Files.createDirectory(folder.resolve("gone")).resolve("tokens");
        meanwhile = () -> delete(folder.resolve("gone"));

        assertThatThrownBy(() -> registration(out).register("n", 3).blockLast(PATIENCE))
                .isInstanceOf(RegisterException.class).hasMessageContaining("id-1")
                .hasMessageEndingWith("; the runner was revoked again").hasMessageNotContaining("s3cret");
        assertThat(live).isEmpty();
    }

    @Test
    void whatCanNeitherBeKeptNorRevokedIsToldByItsId() throws IOException {
        Path out = Files.createDirectory(folder.resolve("gone")).resolve("tokens");
        meanwhile = () -> delete(folder.resolve("gone"));
        revokes = false;

        assertThatThrownBy(() -> registration(out).register("n", 1).blockLast(PATIENCE))
                .hasMessageContaining("id-1").hasMessageEndingWith("; revoke it by its id");
        assertThat(live).containsExactly("id-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/tokens", "a-folder", "busy"})
    void whereNothingCanBeKeptNothingIsMade(String name) throws IOException {
        Files.createDirectory(folder.resolve("a-folder"));
        Files.createFile(folder.resolve(".busy.new"));

        assertThatThrownBy(() -> registration(folder.resolve(name)).register("n", 1).blockLast(PATIENCE))
                .isInstanceOfSatisfying(RegisterException.class,
                        e -> assertThat(e.kind()).isEqualTo(RegisterException.Kind.USAGE));
        assertThat(live).isEmpty();
    }

    @Test
    void aRunnersKeyIsNoIdTokenAndNoMessageQuotesIt() {
        assertThat(IdToken.of(" eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln\n", "x").reveal()).endsWith("c2ln");
        assertThatThrownBy(() -> IdToken.of("id.s3cret", "f")).hasMessageStartingWith("f looks like a runner's key");
        for (String other : List.of("", "s3cret", "a.s3cret.c", "eyJ.s3cret", "eyJhb.s3cret.c d")) {
            assertThatThrownBy(() -> IdToken.of(other, "f")).isInstanceOf(RegisterException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    private Registration registration(Path out) {
        return new Registration(this, new CredentialsFile(out, disk));
    }

    @Override
    public Mono<NewRunner> make(@Nullable String name) {
        return Mono.fromSupplier(() -> {
            String id = "id-" + (live.size() + 1);
            live.add(id);
            meanwhile.run();
            return new NewRunner(id, "runner\n" + name, new Secret(name + ".s3cret"));
        });
    }

    @Override
    public Mono<Void> revoke(NewRunner runner) {
        return revokes
                ? Mono.fromRunnable(() -> live.remove(runner.id()))
                : Mono.error(new IllegalStateException("nobody answers"));
    }

    private static void delete(Path empty) {
        try {
            Files.delete(empty);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
