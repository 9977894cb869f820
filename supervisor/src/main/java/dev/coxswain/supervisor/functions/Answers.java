package dev.coxswain.supervisor.functions;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

import dev.coxswain.supervisor.functions.Coderunner.Deployment;
import dev.coxswain.supervisor.functions.Coderunner.Execution;
import dev.coxswain.supervisor.functions.Coderunner.LogLine;
import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import tools.jackson.databind.JsonNode;

/** What the answers of a Coderunner say, in any of their spellings (contract coderunner 3, 8, 9). */
final class Answers {
    private Answers() {}

    /** Lines of a log. */
    static List<LogLine> lines(JsonNode data) {
        List<LogLine> lines = new ArrayList<>();
        for (JsonNode each : data) {
            lines.add(new LogLine(field(each, "time").asString(""), field(each, "stream").asString("stdout"),
                    field(each, "text").asString("")));
        }
        return lines;
    }

    /** An execution, or the beginning of one. */
    static Execution execution(JsonNode data) {
        JsonNode result = field(data, "result");
        String words = words(data, "message");
        return new Execution(id(data, "executionId", "id", "the execution"), Status.of(field(data, "status")),
                result.isMissingNode() || result.isNull() ? null : result.toString(),
                words.isEmpty() ? words(data, "reason") : words);
    }

    /** {@code data.configuration}, or {@code configuration} beside it, which then is the data. */
    static Deployment deployment(String id, JsonNode data) {
        String endpoint = field(field(data, "configuration"), "externalEndpoint").asString("").strip();
        return new Deployment(id, Status.of(field(data, "status")), endpoint.isEmpty() ? null : address(endpoint),
                words(data, "statusMessage"));
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new CoderunnerException(Kind.FAILED,
                "the server names an address that is none: " + text.replaceAll("[^ -~]", "?"));
    }

    /** An id, under either name. Without one it is unknown what was done. */
    static String id(JsonNode data, String name, String otherName, String what) {
        String id = field(data, name).asString(field(data, otherName).asString(""));
        if (id.isEmpty()) {
            throw new CoderunnerException(Kind.UNCLEAR, "the server's answer names no id of " + what);
        }
        return id;
    }

    /** Names come in more than one spelling. */
    static JsonNode field(JsonNode node, String name) {
        JsonNode exact = node.path(name);
        if (exact.isMissingNode()) {
            for (var property : node.properties()) {
                if (property.getKey().equalsIgnoreCase(name)) {
                    return property.getValue();
                }
            }
        }
        return exact;
    }

    /** A text of the server, in one line. */
    static String words(JsonNode data, String name) {
        return field(data, name).asString("").replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
