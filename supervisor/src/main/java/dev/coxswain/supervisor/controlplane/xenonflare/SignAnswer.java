package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import tools.jackson.databind.JsonNode;

/**
 * Reads an answer of {@code runnerSignUpload}, whose shape nobody documented (contract xenonflare-studio 5): finds the
 * entries in any of the forms that are likely, and pairs them with what was asked, by path or not at all.
 */
final class SignAnswer {
    private static final List<String> LISTS = List.of("uploads", "urls", "signedUrls", "files", "data");
    private static final int DEEPEST = 3;

    private SignAnswer() {}

    /**
     * One signed upload for each artifact, in their order.
     *
     * @throws SignEntry.Unusable when something would have to be guessed; the text holds no URL
     */
    static List<SignedUpload> read(JsonNode answer, List<Artifact> artifacts) throws SignEntry.Unusable {
        Set<String> asked = artifacts.stream().map(Artifact::path).collect(Collectors.toSet());
        List<SignEntry> entries = entries(answer, asked, 0);
        if (entries.size() != artifacts.size()) {
            throw new SignEntry.Unusable(
                    "signed " + entries.size() + " uploads where " + artifacts.size() + " were asked");
        }
        List<SignedUpload> signed = new ArrayList<>(artifacts.size());
        if (entries.stream().allMatch(entry -> entry.path() == null)) {
            for (int i = 0; i < entries.size(); i++) {
                signed.add(entries.get(i).sign(artifacts.get(i)));
            }
            return signed;
        }
        Map<String, SignEntry> byPath = byPath(entries);
        for (Artifact artifact : artifacts) {
            SignEntry entry = byPath.get(artifact.path());
            if (entry == null) {
                throw new SignEntry.Unusable("has no entry for " + artifact.path());
            }
            signed.add(entry.sign(artifact));
        }
        return signed;
    }

    private static Map<String, SignEntry> byPath(List<SignEntry> entries) throws SignEntry.Unusable {
        Map<String, SignEntry> byPath = new HashMap<>();
        for (SignEntry entry : entries) {
            String path = entry.path();
            if (path == null) {
                throw new SignEntry.Unusable("has entries with and without a path");
            }
            if (byPath.put(path, entry) != null) {
                throw new SignEntry.Unusable("has two entries for one path");
            }
        }
        return byPath;
    }

    /** A list, an object by path, or one of the two under a usual name, which may itself be in an envelope. */
    private static List<SignEntry> entries(JsonNode node, Set<String> asked, int depth) throws SignEntry.Unusable {
        if (node.isArray()) {
            List<SignEntry> entries = new ArrayList<>(node.size());
            for (JsonNode entry : node.values()) {
                entries.add(SignEntry.read(null, entry));
            }
            return entries;
        }
        if (node.isObject()) {
            // a path that was asked for decides the form: paths have an extension, so none is called "uploads"
            if (node.propertyNames().stream().anyMatch(asked::contains)) {
                return map(node);
            }
            JsonNode inner = list(node);
            if (inner != null && depth < DEEPEST) {
                return entries(inner, asked, depth + 1);
            }
        }
        throw new SignEntry.Unusable("has no list of uploads in a form that is known");
    }

    private static List<SignEntry> map(JsonNode node) throws SignEntry.Unusable {
        List<SignEntry> entries = new ArrayList<>(node.size());
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            // beside the entries an envelope may say "ok": true
            if (entry.getValue().isObject() || entry.getValue().isString()) {
                entries.add(SignEntry.read(entry.getKey(), entry.getValue()));
            }
        }
        return entries;
    }

    private static @Nullable JsonNode list(JsonNode node) {
        for (String name : LISTS) {
            JsonNode inner = node.path(name);
            if (inner.isArray() || inner.isObject()) {
                return inner;
            }
        }
        return null;
    }
}
