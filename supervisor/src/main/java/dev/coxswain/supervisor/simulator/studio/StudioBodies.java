package dev.coxswain.supervisor.simulator.studio;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.databind.JsonNode;

/** Checks request bodies (contract xenonflare-studio 2, 5, 7, 8). What is wrong is a {@link RefusedException} of 400. */
final class StudioBodies {
    private static final int MAX_UPLOADS = 16;
    private static final int MAX_TEXT = 1024;
    private static final List<String> SCENE_URLS = List.of("imageUrl", "audioUrl", "videoUrl");

    /** One file to sign a URL for. */
    record Upload(String path, String contentType) {}

    private StudioBodies() {}

    static String projectId(JsonNode body) {
        return text(body.path("projectId"), "projectId");
    }

    /** One to 16 uploads with different paths. */
    static List<Upload> uploads(JsonNode body) {
        JsonNode list = body.path("uploads");
        if (!list.isArray() || list.isEmpty()) {
            throw bad("uploads must be a non-empty array");
        }
        if (list.size() > MAX_UPLOADS) {
            throw bad("at most " + MAX_UPLOADS + " uploads a call");
        }
        List<Upload> uploads = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode entry : list) {
            String where = "uploads[" + uploads.size() + "]";
            String path = path(entry.path("path"), where + ".path");
            String type = text(entry.path("contentType"), where + ".contentType");
            if (!type.matches("[\\w.+-]+/[\\w.+-]+( *;.*)?")) {
                throw bad(where + ".contentType is no media type");
            }
            if (!seen.add(path.toLowerCase(Locale.ROOT))) {
                throw bad(where + ".path is there twice");
            }
            uploads.add(new Upload(path, type));
        }
        return uploads;
    }

    /** The URLs that a result refers to: complete needs a story with scenes, or a video, or both. */
    static List<String> resultUrls(JsonNode body) {
        JsonNode story = body.path("story");
        JsonNode video = body.path("videoUrl");
        if (story.isMissingNode() && video.isMissingNode()) {
            throw bad("story or videoUrl is required");
        }
        List<String> urls = new ArrayList<>();
        if (!story.isMissingNode()) {
            scenes(story, urls);
        }
        if (!video.isMissingNode()) {
            urls.add(text(video, "videoUrl"));
        }
        return urls;
    }

    static String error(JsonNode body) {
        JsonNode error = body.path("error");
        if (!error.isString() || error.stringValue().isBlank()) {
            throw bad("error must be a non-empty string");
        }
        return error.stringValue();
    }

    private static void scenes(JsonNode story, List<String> urls) {
        JsonNode scenes = story.path("scenes");
        if (!story.isObject() || !scenes.isArray() || scenes.isEmpty()) {
            throw bad("story.scenes must be a non-empty array");
        }
        int i = 0;
        for (JsonNode scene : scenes) {
            String where = "story.scenes[" + i++ + "]";
            if (!scene.isObject()) {
                throw bad(where + " must be an object");
            }
            if (scene.has("narration") && !scene.path("narration").isString()) {
                throw bad(where + ".narration must be a string");
            }
            JsonNode seconds = scene.path("durationSeconds");
            if (!seconds.isMissingNode() && !(seconds.isNumber() && seconds.doubleValue() > 0)) {
                throw bad(where + ".durationSeconds must be a number above 0");
            }
            for (String key : SCENE_URLS) {
                if (scene.has(key)) {
                    urls.add(text(scene.path(key), where + "." + key));
                }
            }
        }
    }

    private static String path(JsonNode value, String where) {
        String path = text(value, where);
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw bad(where + " must be a relative path without empty or dotted parts");
            }
        }
        return path;
    }

    private static String text(JsonNode value, String where) {
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw bad(where + " must be a non-empty string");
        }
        if (value.stringValue().length() > 2 * MAX_TEXT) {
            throw bad(where + " is too long");
        }
        return value.stringValue();
    }

    private static RefusedException bad(String message) {
        return RefusedException.of(400, message);
    }
}
