package dev.coxswain.supervisor.simulator.studio;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.coxswain.supervisor.simulator.ObjectStore;
import dev.coxswain.supervisor.simulator.SignAnswer;

/** The answer of runnerSignUpload in the forms that a tolerant reader must know (contract xenonflare-studio 5). */
final class SignForms {
    /** A file with its signed URL. */
    record Entry(StudioBodies.Upload upload, ObjectStore.Signed signed) {}

    private SignForms() {}

    static Object of(SignAnswer form, List<Entry> entries) {
        return switch (form) {
            case UPLOADS, ROTATING -> Map.of("uploads", each(entries, SignForms::documented));
            case URLS -> Map.of("urls", each(entries, e -> named(e, "signedUrl", "downloadUrl")));
            case SIGNED_URLS -> Map.of("signedUrls", each(entries, e -> {
                Map<String, Object> entry = named(e, "putUrl", "fileUrl");
                entry.put("method", "PUT");
                entry.put("expiresAt", e.signed().expiresAt().toString());
                return entry;
            }));
            case FILES -> Map.of("files",
                    each(entries, e -> pair("path", e.upload().path(), "url", e.signed().putUrl())));
            case DATA_MAP -> Map.of("data", byPath(entries, SignForms::documented));
            case ARRAY -> each(entries,
                    e -> pair("uploadUrl", e.signed().putUrl(), "readUrl", e.signed().publicUrl()));
            case MAP -> byPath(entries, SignForms::documented);
            case TEXTS -> Map.of("uploads", each(entries, e -> e.signed().putUrl()));
            case TEXT_MAP -> byPath(entries, e -> e.signed().putUrl());
        };
    }

    /** In this order, so that the same run reads the same each time. */
    private static Map<String, Object> pair(String name, Object value, String otherName, Object otherValue) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(name, value);
        map.put(otherName, otherValue);
        return map;
    }

    private static List<Object> each(List<Entry> entries, Function<Entry, Object> form) {
        return entries.stream().map(form).toList();
    }

    private static Map<String, Object> byPath(List<Entry> entries, Function<Entry, Object> form) {
        Map<String, Object> map = new LinkedHashMap<>();
        entries.forEach(e -> map.put(e.upload().path(), form.apply(e)));
        return map;
    }

    private static Object documented(Entry e) {
        Map<String, Object> entry = named(e, "uploadUrl", "publicUrl");
        entry.put("contentType", e.upload().contentType());
        entry.put("expiresAt", e.signed().expiresAt().toEpochMilli());
        return entry;
    }

    private static Map<String, Object> named(Entry e, String putName, String publicName) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("path", e.upload().path());
        entry.put(putName, e.signed().putUrl());
        entry.put(publicName, e.signed().publicUrl());
        return entry;
    }
}
