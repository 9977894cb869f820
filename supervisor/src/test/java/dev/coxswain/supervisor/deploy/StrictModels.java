package dev.coxswain.supervisor.deploy;

import org.jspecify.annotations.Nullable;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/** Reads a document by the Kubernetes client's model classes, where a field that the class does not have is an error. */
final class StrictModels {
    private static final KubernetesSerialization KINDS = new KubernetesSerialization();
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public @Nullable Boolean hasAnySetter(MapperConfig<?> config, Annotated what) {
                    return false;
                }
            }).build();

    private StrictModels() {}

    /** Whether the client has a class for it; what operators define has none. */
    static boolean know(JsonNode document) {
        return kind(document) != null;
    }

    /** Fails with the place of what does not belong there. */
    static void read(JsonNode document) {
        Class<?> kind = kind(document);
        if (kind == null) {
            throw new IllegalArgumentException("no such kind: " + document.path("kind"));
        }
        STRICT.treeToValue(document, kind);
    }

    private static @Nullable Class<?> kind(JsonNode document) {
        return KINDS.getRegisteredKubernetesResource(document.path("apiVersion").asString(),
                document.path("kind").asString());
    }
}
