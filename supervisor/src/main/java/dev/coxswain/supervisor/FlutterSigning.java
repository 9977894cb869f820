package dev.coxswain.supervisor;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.flutter.AndroidSigner;
import dev.coxswain.executors.signing.AndroidMaterial;
import dev.coxswain.executors.signing.AndroidSigning;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lets builds sign with the signing tools of the host: neither room knows the other. */
record FlutterSigning(AndroidSigning signing) implements AndroidSigner {
    @Override
    public Mono<Keys> fetch(JobAccess access) {
        return signing.fetch(access).map(Held::new);
    }

    private static dev.coxswain.executors.signing.Variant variant(Variant variant) {
        return switch (variant) {
            case DEBUG -> dev.coxswain.executors.signing.Variant.DEBUG;
            case RELEASE -> dev.coxswain.executors.signing.Variant.RELEASE;
        };
    }

    private final class Held implements Keys {
        private final AndroidMaterial material;

        Held(AndroidMaterial material) {
            this.material = material;
        }

        @Override
        public boolean has(Variant variant) {
            return material.has(variant(variant));
        }

        @Override
        public Flux<ExecutionEvent> sign(Variant variant, Workspace workspace, String checkout) {
            return signing.sign(material, variant(variant), workspace, checkout);
        }

        @Override
        public void close() {
            material.close();
        }
    }
}
