package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import tools.jackson.databind.JsonNode;

/**
 * The files that one result names. The same file under the same path is one upload, however often it is named; two files
 * under one path, which some stores take for the same without regard to case, are refused (contract xenonflare-studio,
 * trap 9).
 */
final class Uploads {
    private static final int MOST = 1_000;

    private final Map<String, ArtifactRequest> byLowerPath = new LinkedHashMap<>();

    List<ArtifactRequest> requests() {
        return List.copyOf(byLowerPath.values());
    }

    /** Adds one element of the list of files. */
    void addAsset(String where, JsonNode asset) throws InvalidResultException {
        if (!asset.isObject()) {
            throw new InvalidResultException(where + " must be an object with a file");
        }
        String file = Texts.optional(where, asset, "file");
        if (file == null) {
            throw new InvalidResultException(where + ".file is missing");
        }
        String path = Texts.optional(where, asset, "path");
        String stated = Texts.optional(where, asset, "contentType");
        String type = stated == null ? null : ContentTypes.normal(stated);
        if (stated != null && type == null) {
            throw new InvalidResultException(where + ".contentType " + Texts.quote(stated) + " is no content type");
        }
        add(where, new ArtifactRequest(file, path == null ? file : path, type));
    }

    /** The upload that a relative name means: an asset's path, else an asset's file, else a file that only it names. */
    ArtifactRequest named(String where, String name) throws InvalidResultException {
        ArtifactRequest byPath = byLowerPath.get(key(name));
        if (byPath != null && byPath.path().equals(name)) {
            return byPath;
        }
        for (ArtifactRequest request : byLowerPath.values()) {
            if (request.file().equals(name)) {
                return request;
            }
        }
        ArtifactRequest request = new ArtifactRequest(name, name, null);
        add(where, request);
        return request;
    }

    private void add(String where, ArtifactRequest request) throws InvalidResultException {
        refuse(where, request.file(), ArtifactPaths.fileProblem(request.file()));
        refuse(where, request.path(), ArtifactPaths.problem(request.path()));
        String type = request.contentType();
        if (type != null && !ContentTypes.fits(type, request.path())) {
            throw new InvalidResultException(
                    where + ": the extension of " + Texts.quote(request.path()) + " does not fit " + type);
        }
        ArtifactRequest known = byLowerPath.get(key(request.path()));
        byLowerPath.put(key(request.path()), known == null ? request : merge(where, known, request));
        if (byLowerPath.size() > MOST) {
            throw new InvalidResultException("the result names more than " + MOST + " files");
        }
    }

    private static ArtifactRequest merge(String where, ArtifactRequest known, ArtifactRequest again)
            throws InvalidResultException {
        String type = known.contentType() == null ? again.contentType() : known.contentType();
        boolean sameType = again.contentType() == null || again.contentType().equals(type);
        if (!known.path().equals(again.path()) || !known.file().equals(again.file()) || !sameType) {
            throw new InvalidResultException(where + ": the path " + Texts.quote(again.path())
                    + " is used for two files (case does not count)");
        }
        return new ArtifactRequest(known.file(), known.path(), type);
    }

    private static void refuse(String where, String name, @Nullable String problem) throws InvalidResultException {
        if (problem != null) {
            throw new InvalidResultException(where + ": " + Texts.quote(name) + " " + problem);
        }
    }

    private static String key(String path) {
        return path.toLowerCase(Locale.ROOT);
    }
}
