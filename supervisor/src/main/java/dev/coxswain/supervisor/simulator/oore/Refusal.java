package dev.coxswain.supervisor.simulator.oore;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.RefusedException;

/** Errors in Oore's form: a text for people, a code for programs (contract oore-ci 1). */
final class Refusal {
    private Refusal() {}

    static RefusedException of(int status, String code, String text) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", text);
        body.put("code", code);
        return new RefusedException(text, Answer.json(status, body));
    }

    static RefusedException notYours() {
        return of(403, "runner_mismatch", "this build is not bound to that runner");
    }

    static RefusedException invalid(String text) {
        return of(400, "invalid_request", text);
    }

    static RefusedException store(String text) {
        return of(500, "store_error", text);
    }
}
