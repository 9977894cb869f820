package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document, made of the routes themselves; what their bodies look like is in {@code openapi-schemas.json}. */
final class OpenApi {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String REFERENCE = "#/components/schemas/";

    private final ObjectNode schemas;

    /** Reads the schemas, a resource; for the start of the server. */
    OpenApi() {
        try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi-schemas.json"))) {
            this.schemas = (ObjectNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The route that shows the document of these routes and itself. */
    Route route(List<Route> others) {
        List<Route> all = new ArrayList<>(others);
        String[] text = new String[1];
        Route own = new Route(HttpMethod.GET, "/openapi.json", true, "Shows this document", "", "", List.of(),
                call -> Mono.just(new JsonReply(200, Map.of(), text[0], false)));
        all.add(own);
        text[0] = document(all).toString();
        return own;
    }

    ObjectNode document(List<Route> routes) {
        ObjectNode document = JSON.createObjectNode().put("openapi", "3.1.0");
        document.putObject("info").put("title", "Coderunner").put("version", "1")
                .put("description", "Definitions, versions, deployments and executions of user code. Every answer has "
                        + "the envelope {success, message, data}; a refused request has a code as well.");
        ObjectNode paths = document.putObject("paths");
        for (Route route : routes) {
            paths.withObjectProperty(route.path()).set(route.method().name().toLowerCase(Locale.ROOT),
                    operation(route));
        }
        paths.withObjectProperty("/fn/{definitionId}").set("post", function("definitionId"));
        paths.withObjectProperty("/fn/d/{deploymentId}").set("post", function("deploymentId"));
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas.deepCopy());
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("bearer").put("type", "http").put("scheme", "bearer").put("bearerFormat", "JWT");
        schemes.putObject("workspace").put("type", "apiKey").put("in", "header").put("name", "x-client-key");
        schemes.putObject("user").put("type", "apiKey").put("in", "header").put("name", "x-userid");
        return document;
    }

    private ObjectNode operation(Route route) {
        ObjectNode operation = described(route.summary(), route.isOpen());
        ArrayNode parameters = operation.putArray("parameters");
        for (String part : route.path().split("/")) {
            if (part.startsWith("{")) {
                parameters.add(parameter(part.substring(1, part.length() - 1), "path", true, "string"));
            }
        }
        for (String name : route.query()) {
            boolean isId = name.endsWith("!");
            parameters.add(parameter(isId ? name.substring(0, name.length() - 1) : name, "query", isId,
                    isId ? "string" : "integer"));
        }
        if (!route.body().isEmpty()) {
            operation.putObject("requestBody").putObject("content")
                    .putObject(route.body().equals("Upload") ? "multipart/form-data" : "application/json")
                    .putObject("schema").put("$ref", REFERENCE + known(route.body()));
        }
        ObjectNode responses = operation.putObject("responses");
        ObjectNode good = responses.putObject("200").put("description", "It is done");
        if (!route.data().isEmpty()) {
            good.putObject("content").putObject("application/json").set("schema", envelope(route.data()));
        }
        responses.set("default", refusal());
        return operation;
    }

    private static ObjectNode described(String summary, boolean isOpen) {
        ObjectNode operation = JSON.createObjectNode().put("summary", summary);
        ArrayNode security = operation.putArray("security");
        if (!isOpen) {
            ObjectNode all = security.addObject();
            all.putArray("bearer");
            all.putArray("workspace");
            all.putArray("user");
        }
        return operation;
    }

    private ObjectNode function(String variable) {
        ObjectNode operation = described("Calls a function; other methods, bodies and longer paths are passed to it as "
                + "plain HTTP", false);
        operation.putArray("parameters").add(parameter(variable, "path", true, "string"));
        operation.putObject("requestBody").putObject("content").putObject("application/json").putObject("schema")
                .put("$ref", REFERENCE + known("Run"));
        ObjectNode responses = operation.putObject("responses");
        responses.putObject("200").put("description", "The function's result").putObject("content")
                .putObject("application/json").set("schema", envelope("Ended"));
        responses.set("default", refusal());
        return operation;
    }

    private static ObjectNode parameter(String name, String in, boolean required, String type) {
        ObjectNode parameter = JSON.createObjectNode().put("name", name).put("in", in).put("required", required);
        ObjectNode schema = parameter.putObject("schema").put("type", type);
        if (type.equals("string")) {
            schema.put("format", "uuid");
        }
        return parameter;
    }

    private ObjectNode envelope(String data) {
        ObjectNode envelope = JSON.createObjectNode().put("type", "object");
        envelope.putArray("required").add("success").add("message").add("data");
        ObjectNode properties = envelope.putObject("properties");
        properties.putObject("success").put("const", true);
        properties.putObject("message").put("type", "string");
        boolean isList = data.endsWith("[]");
        String reference = REFERENCE + known(isList ? data.substring(0, data.length() - 2) : data);
        if (isList) {
            properties.putObject("data").put("type", "array").putObject("items").put("$ref", reference);
        } else {
            properties.putObject("data").put("$ref", reference);
        }
        return envelope;
    }

    private ObjectNode refusal() {
        ObjectNode refusal = JSON.createObjectNode().put("description", "It is not; message and code tell why");
        refusal.putObject("content").putObject("application/json").putObject("schema")
                .put("$ref", REFERENCE + known("Refusal"));
        return refusal;
    }

    private String known(String name) {
        if (!schemas.has(name)) {
            throw new IllegalStateException("openapi-schemas.json has no " + name);
        }
        return name;
    }
}
