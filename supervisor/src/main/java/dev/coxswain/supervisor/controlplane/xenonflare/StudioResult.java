package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checked {@code result.json} of a studio job: {@code {story?, videoUrl?, videoFile?, assets?}} (design section 6,
 * contract xenonflare-studio 7 and 9). Relative names in it stand for files until {@link #body} puts references there.
 */
final class StudioResult {
    private static final int MOST_VIDEO_URL = 2_048;

    private final JsonMapper mapper;
    private final Uploads uploads = new Uploads();
    private final List<Named> names = new ArrayList<>();
    private @Nullable ObjectNode story;
    private @Nullable String videoUrl;
    private @Nullable String videoPath;

    private StudioResult(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Reads and checks.
     *
     * @param exact a mapper that keeps numbers as they are written
     */
    static StudioResult read(JsonMapper exact, String document) throws InvalidResultException {
        JsonNode root;
        try {
            root = exact.readTree(document);
        } catch (JacksonException e) {
            throw new InvalidResultException("the result is no JSON: " + OneLine.cut(e.getOriginalMessage(), 200));
        }
        if (!(root instanceof ObjectNode object)) {
            throw new InvalidResultException("the result must be a JSON object");
        }
        StudioResult result = new StudioResult(exact);
        result.assets(object.path("assets"));
        result.story(object.path("story"));
        result.video(object);
        if (result.story == null && result.videoUrl == null && result.videoPath == null) {
            throw new InvalidResultException("the result has neither story nor videoUrl nor videoFile");
        }
        return result;
    }

    List<ArtifactRequest> uploads() {
        return uploads.requests();
    }

    /** How many scenes have no audio; 0 without a story. */
    int scenesWithoutAudio() {
        return story == null
                ? 0
                : (int) story.path("scenes").valueStream().filter(scene -> scene.path("audioUrl").isMissingNode())
                        .count();
    }

    /**
     * The body of {@code completeRunnerJob}; what is absent is left out.
     *
     * @param references by path
     */
    ObjectNode body(String projectId, Map<String, String> references) throws InvalidResultException {
        for (Named name : names) {
            name.owner().put(name.field(), reference(references, name.path()));
        }
        ObjectNode body = mapper.createObjectNode().put("projectId", projectId);
        if (story != null) {
            body.set("story", story);
        }
        String video = videoPath == null ? videoUrl : reference(references, videoPath);
        if (video != null) {
            if (video.length() > MOST_VIDEO_URL) {
                throw new InvalidResultException("videoUrl is longer than " + MOST_VIDEO_URL + " characters");
            }
            body.put("videoUrl", video);
        }
        return body;
    }

    private void assets(JsonNode assets) throws InvalidResultException {
        if (assets.isMissingNode() || assets.isNull()) {
            return;
        }
        if (!assets.isArray()) {
            throw new InvalidResultException("assets must be an array");
        }
        for (int i = 0; i < assets.size(); i++) {
            uploads.addAsset("assets[" + i + "]", assets.path(i));
        }
    }

    private void story(JsonNode given) throws InvalidResultException {
        if (given.isMissingNode() || given.isNull()) {
            return;
        }
        if (!(given instanceof ObjectNode object)) {
            throw new InvalidResultException("story must be an object");
        }
        if (!(object.path("scenes") instanceof ArrayNode scenes) || scenes.isEmpty()) {
            // also beside a good videoUrl: the server refuses a story without scenes (trap 7)
            throw new InvalidResultException(
                    "story.scenes must be a non-empty array; leave story out when there is none");
        }
        for (int i = 0; i < scenes.size(); i++) {
            String where = "story.scenes[" + i + "]";
            if (!(scenes.path(i) instanceof ObjectNode scene)) {
                throw new InvalidResultException(where + " must be an object");
            }
            Scenes.check(where, scene);
            name(where, scene, "imageUrl");
            name(where, scene, "audioUrl");
        }
        this.story = object;
    }

    private void video(ObjectNode root) throws InvalidResultException {
        String url = Texts.optional("", root, "videoUrl");
        String file = Texts.optional("", root, "videoFile");
        if (url != null && file != null) {
            throw new InvalidResultException("videoUrl and videoFile exclude each other");
        }
        if (file != null) {
            videoPath = uploads.named("videoFile", file).path();
        } else if (url != null && Urls.isAbsolute(url)) {
            videoUrl = absolute("videoUrl", url);
        } else if (url != null) {
            videoPath = uploads.named("videoUrl", url).path();
        }
    }

    private void name(String where, ObjectNode scene, String field) throws InvalidResultException {
        String value = Texts.optional(where, scene, field);
        if (value == null) {
            return;
        }
        String place = Texts.place(where, field);
        if (Urls.isAbsolute(value)) {
            absolute(place, value);
        } else {
            names.add(new Named(scene, field, uploads.named(place, value).path()));
        }
    }

    private static String absolute(String place, String url) throws InvalidResultException {
        String problem = Urls.problem(url);
        if (problem != null) {
            throw new InvalidResultException(place + " " + Texts.quote(url) + " " + problem);
        }
        return url;
    }

    private static String reference(Map<String, String> references, String path) throws InvalidResultException {
        String reference = references.get(path);
        if (reference == null) {
            throw new InvalidResultException(Texts.quote(path) + " was not uploaded");
        }
        String problem = Urls.problem(reference);
        if (problem != null) {
            throw new InvalidResultException("the reference of " + Texts.quote(path) + " " + problem);
        }
        return reference;
    }

    /** A place in the story where a reference goes. */
    private record Named(ObjectNode owner, String field, String path) {}
}
