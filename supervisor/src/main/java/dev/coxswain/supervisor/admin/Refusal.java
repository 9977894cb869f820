package dev.coxswain.supervisor.admin;

import java.util.Map;

/** A request that is not carried out: status, a word for programs, a sentence for people. */
final class Refusal extends RuntimeException {
    private final int status;
    private final String error;
    private final Map<String, String> headers;

    Refusal(int status, String error, String detail) {
        this(status, error, detail, Map.of());
    }

    Refusal(int status, String error, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.error = error;
        this.headers = headers;
    }

    static Refusal notFound(String detail) {
        return new Refusal(404, "not_found", detail);
    }

    static Refusal badRequest(String detail) {
        return new Refusal(400, "bad_request", detail);
    }

    int status() {
        return status;
    }

    Reply reply() {
        return Reply.json(status, new Problem(error, String.valueOf(getMessage()))).with(headers);
    }

    record Problem(String error, String detail) {}
}
