package dev.coxswain.executors.actions.expression;

import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/** A context that tests look around in. */
final class Worlds {
    /** In every text of the event, and nowhere else. */
    static final String MARK = "wicked";

    static final String EVENT = """
            {"title": "wicked $(touch /tmp/x) `id` '\\"; id\\n", "number": 7, "fork": true, "none": null, "key": "token",
             "labels": [{"name": "wicked bug", "id": 1}, {"name": "wicked help", "id": 2}, {"id": 3}],
             "wicked": {"json": "{\\"wicked\\": [1, \\"wicked\\"]}"}}""";

    private Worlds() {}

    static Context context(Context.Status status) {
        Value event = Json.value(JsonMapper.builder().build().readTree(EVENT), true);
        Value.Fields github = Value.fields(Map.of("event", event, "ref", Value.text("refs/heads/main"), "run_id",
                Value.text("42")));
        return new Context(Value.fields(Map.of("github", github, "shithub", github, "secrets",
                Value.required("secret", Map.of("token", Value.text("s3cret"))), "vars",
                Value.fields(Map.of("region", Value.text("eu-1"), "count", Value.text("3"))), "env",
                Value.fields(Map.of("PLAIN", Value.text("plain"), "TITLE", Value.foreign("wicked title"))))), status);
    }

    static Context context() {
        return context(Context.Status.SUCCESS);
    }

    static Value value(String expression) {
        return new Evaluator(context()).value(Parser.parse(expression, 0, expression.length()));
    }

    static String text(String expression) {
        return Coercion.text(value(expression));
    }
}
