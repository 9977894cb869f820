package dev.coxswain.executors.flutter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A signer that says what it was asked for, and signs nothing. */
final class RecordingSigner implements AndroidSigner {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final Set<Variant> profiles = EnumSet.noneOf(Variant.class);
    int exitCode;

    RecordingSigner(Variant... profiles) {
        this.profiles.addAll(List.of(profiles));
    }

    @Override
    public Mono<Keys> fetch(JobAccess access) {
        return access.signing(JobAccess.Platform.ANDROID).then(Mono.fromCallable(() -> {
            calls.add("fetch");
            return new Held();
        }));
    }

    private final class Held implements Keys {
        @Override
        public boolean has(Variant variant) {
            return profiles.contains(variant);
        }

        @Override
        public Flux<ExecutionEvent> sign(Variant variant, Workspace workspace, String checkout) {
            return Flux.defer(() -> {
                calls.add("sign " + variant + " " + checkout);
                return Flux.just(new ExecutionEvent.StepStarted("android-sign"),
                        new ExecutionEvent.StepEnded("android-sign", exitCode));
            });
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
