package dev.coxswain.supervisor.simulator.workspace;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;

/** A call that breaks the contract: what to answer. */
final class RefusedException extends RuntimeException {
    private final Answer answer;

    private RefusedException(String message, Answer answer) {
        super(message);
        this.answer = answer;
    }

    /** A request that can't be understood. */
    static RefusedException request(String message) {
        return new RefusedException(message, Answer.error(400, message));
    }

    /**
     * A result of which one part is wrong.
     *
     * @param slice the field of the body
     * @param at the place in it
     * @param reason what is wrong there; shows nothing of the content
     */
    static RefusedException result(String slice, String at, String reason) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("slice", slice);
        detail.put("at", at);
        detail.put("reason", reason);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", "invalid " + slice);
        body.put("detail", detail);
        return new RefusedException(at + " " + reason, Answer.json(400, body));
    }

    Answer answer() {
        return answer;
    }
}
