package dev.coxswain.supervisor.upload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.upload.RudeStore.Reply;
import dev.coxswain.supervisor.upload.RudeStore.Seen;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Uploads that are reserved one by one, with URLs that are spent by one try. */
class ReservedUploadsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    @TempDir
    private Path folder;

    private Function<Seen, Reply> script = seen -> Reply.status(200);
    private final RudeStore store = new RudeStore(seen -> script.apply(seen));
    private final UploadRig rig = new UploadRig();
    private final Desk desk = new Desk();

    @AfterEach
    void close() {
        rig.close();
        store.close();
    }

    private List<UploadEvent> upload(int files) {
        List<Artifact> artifacts = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            artifacts.add(UploadRig.artifact(folder, "f" + i + ".png", 100));
        }
        List<UploadEvent> events = rig.uploads.upload("shorts", desk, artifacts)
                .filter(UploadEvent.Stored.class::isInstance).collectList().block(LIMIT);
        return events == null ? List.of() : events;
    }

    @Test
    void eachIsReservedSentAndToldByItself() {
        assertThat(upload(3)).hasSize(3);

        assertThat(desk.told).hasSize(6).contains("sign f0.png", "sign f1.png", "sign f2.png")
                .filteredOn(word -> word.startsWith("stored")).hasSize(3);
        assertThat(store.seen).hasSize(3);
    }

    @Test
    void aTryThatFailsSpendsItsUrl() {
        script = seen -> Reply.status(seen.number() < 3 ? 500 : 200);

        assertThat(upload(1)).hasSize(1);

        assertThat(desk.told).containsExactly("sign f0.png", "given up 1", "sign f0.png", "given up 2", "sign f0.png",
                "stored f0.png 3");
        assertThat(store.seen).extracting(Seen::target).containsExactly("/1", "/2", "/3");
    }

    @Test
    void afterFourTriesItFailsAndTheLastOneIsGivenBack() {
        script = seen -> Reply.status(500);

        assertThatThrownBy(() -> upload(1)).isInstanceOf(UploadException.class).hasMessageContaining("f0.png");

        assertThat(store.seen).hasSize(4);
        assertThat(desk.told).hasSize(8).endsWith("given up 4");
    }

    @Test
    void whereAnOutageCostsOnlyTimeItIsTriedOn() {
        desk.patient = true;
        script = seen -> Reply.status(seen.number() < 9 ? 503 : 200);

        assertThat(upload(1)).hasSize(1);
        assertThat(store.seen).hasSize(9);
    }

    @Test
    void whatIsGivenUpIsToldUntilItIsHeard() {
        int[] tries = {0};
        script = seen -> Reply.status(seen.number() < 2 ? 500 : 200);
        desk.givenUp = () -> tries[0]++ < 2
                ? Mono.error(new ControlPlaneException.Unavailable("503", null, null))
                : Mono.empty();

        assertThat(upload(1)).hasSize(1);
        assertThat(tries[0]).isEqualTo(3);
    }

    @Test
    void whatTheStoreHasCountsOnlyWhenTheControlPlaneKnows() {
        int[] tries = {0};
        desk.stored = () -> tries[0]++ == 0
                ? Mono.error(new ControlPlaneException.Unavailable("503", null, null))
                : Mono.empty();
        assertThat(upload(1)).hasSize(1);
        assertThat(store.seen).hasSize(1);

        desk.stored = () -> Mono.error(new ControlPlaneException.Rejected("409"));
        assertThatThrownBy(() -> upload(1)).isInstanceOf(ControlPlaneException.Rejected.class);
    }

    @Test
    void whatIsThereAlreadyIsNotSent() {
        desk.use = SignedUpload.Use.NOTHING;

        assertThat(upload(1)).hasSize(1);

        assertThat(desk.told).containsExactly("sign f0.png");
        assertThat(store.seen).isEmpty();
    }

    @Test
    void anUploadThatCannotBeGivenBackIsTriedAnewAllTheSame() {
        script = seen -> Reply.status(seen.number() < 2 ? 500 : 200);
        desk.givenUp = () -> Mono.error(new ControlPlaneException.Rejected("409"));

        assertThat(upload(1)).hasSize(1);
    }

    /** Reserves, and writes down what it is told. */
    private final class Desk implements ArtifactSigner {
        final List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        SignedUpload.Use use = SignedUpload.Use.ONCE;
        Supplier<Mono<Void>> stored = Mono::empty;
        Supplier<Mono<Void>> givenUp = Mono::empty;
        boolean patient;
        private int reserved;

        @Override
        public boolean isPatient() {
            return patient;
        }

        @Override
        public int atOnce() {
            return 1;
        }

        @Override
        public synchronized Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
            assertThat(artifacts).hasSize(1);
            told.add("sign " + artifacts.get(0).path());
            String number = String.valueOf(++reserved);
            return Mono.just(List.of(new SignedUpload(artifacts.get(0), new Secret(store.url("/" + number)), Map.of(),
                    null, number, use)));
        }

        @Override
        public Mono<Void> stored(SignedUpload upload) {
            told.add("stored " + upload.artifact().path() + " " + upload.reference());
            return Mono.defer(stored);
        }

        @Override
        public Mono<Void> givenUp(SignedUpload upload, String reason) {
            told.add("given up " + upload.reference());
            return Mono.defer(givenUp);
        }
    }
}
