package dev.coxswain.supervisor.controlplane.shithub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a workload leaves for this protocol: {@code {"artifacts": [{"file": "relative/path", "name": "…"}]}}, nothing else is
 * read. A name that the control plane would refuse, or might (the same one twice), would cost the whole job (trap 25).
 */
final class Result {
    private static final int MOST = 1_000;
    private static final String BYTES = "application/octet-stream";
    private static final Pattern NAME = Pattern.compile("(?!\\.\\.)[A-Za-z0-9._-]{1,100}");

    private final JsonMapper mapper;
    private final String document;

    Result(JsonMapper mapper, String document) {
        this.mapper = mapper;
        this.document = document;
    }

    List<ArtifactRequest> artifacts() throws InvalidResultException {
        JsonNode files;
        try {
            files = mapper.readTree(document).path("artifacts");
        } catch (JacksonException e) {
            throw new InvalidResultException("it is no JSON");
        }
        if (!files.isMissingNode() && !files.isArray()) {
            throw new InvalidResultException("artifacts is no array");
        }
        if (files.size() > MOST) {
            throw new InvalidResultException("more than " + MOST + " artifacts");
        }
        List<ArtifactRequest> requests = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode each : files) {
            String place = "artifacts[" + requests.size() + "]";
            String file = each.path("file").asString("");
            String name = each.path("name").asString("").strip();
            if (file.isEmpty() || file.startsWith("/") || List.of(file.split("/", -1)).contains("..")) {
                throw new InvalidResultException(place + ".file is no relative path");
            }
            if (!isName(name)) {
                throw new InvalidResultException(
                        place + ".name must be 1 to 100 of A-Z, a-z, 0-9, ., _ and -, and not begin with ..");
            }
            if (!names.add(name)) {
                throw new InvalidResultException(place + ".name is used twice");
            }
            requests.add(new ArtifactRequest(file, name, BYTES));
        }
        return requests;
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
