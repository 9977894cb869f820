package dev.coxswain.supervisor.controlplane.oore;

import java.util.ArrayList;
import java.util.List;

import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a workload leaves for this protocol: {@code {"artifacts": [{"file": "relative/path"}]}}, nothing else is read. */
final class Result {
    private static final int MOST = 1_000;
    private static final String BYTES = "application/octet-stream";

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
        for (JsonNode each : files) {
            String file = each.path("file").asString("");
            if (file.isEmpty() || file.startsWith("/") || List.of(file.split("/", -1)).contains("..")) {
                throw new InvalidResultException("artifacts[" + requests.size() + "].file is no relative path");
            }
            requests.add(new ArtifactRequest(file, file, BYTES));
        }
        return requests;
    }
}
