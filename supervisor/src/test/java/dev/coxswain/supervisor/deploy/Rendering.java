package dev.coxswain.supervisor.deploy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code kubectl kustomize} makes of one folder below {@code deploy/kubernetes}.
 *
 * @param documents all of them
 */
record Rendering(List<JsonNode> documents) {
    private static final Map<String, Rendering> MADE = new ConcurrentHashMap<>();

    /** Made once for all tests. */
    static Rendering of(String folder) throws Exception {
        Rendering made = MADE.get(folder);
        if (made == null) {
            made = make(folder);
            MADE.put(folder, made);
        }
        return made;
    }

    private static Rendering make(String folder) throws Exception {
        Tool.End end = Tool.run(List.of("kubectl", "kustomize", "deploy/kubernetes/" + folder));
        assertThat(end.code()).as(end.said()).isZero();
        // the newest kubectl says that our form is old; Debian's knows no newer one
        String documents = String.join("\n",
                end.said().lines().filter(line -> !line.startsWith("# Warning:")).toList());
        return new Rendering(DeployFiles.documents(documents).stream().filter(JsonNode::isObject).toList());
    }

    Stream<JsonNode> kind(String kind) {
        return documents.stream().filter(document -> document.path("kind").asString().equals(kind));
    }

    @Nullable
    JsonNode find(String kind, String namespace, String name) {
        return kind(kind).filter(named(namespace, name)).findFirst().orElse(null);
    }

    JsonNode get(String kind, String namespace, String name) {
        return kind(kind).filter(named(namespace, name)).findFirst().orElseThrow();
    }

    /** The template of its pods. */
    JsonNode template() {
        return get("StatefulSet", "coxswain", "coxswain").at("/spec/template");
    }

    JsonNode container() {
        return template().at("/spec/containers/0");
    }

    String fleetYaml() {
        return get("ConfigMap", "coxswain", "coxswain").at("/data/fleet.yaml").asString();
    }

    private static Predicate<JsonNode> named(String namespace, String name) {
        return document -> document.at("/metadata/namespace").asString("").equals(namespace)
                && document.at("/metadata/name").asString().equals(name);
    }
}
