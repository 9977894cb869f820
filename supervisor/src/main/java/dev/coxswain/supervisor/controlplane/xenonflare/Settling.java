package dev.coxswain.supervisor.controlplane.xenonflare;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import dev.coxswain.executors.deliverable.JsText;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;

/**
 * The final reports (contracts xenonflare-studio 7 and 8, xenonflare-workspace 2 and 8). The form of a success is not
 * documented: any 2xx with JSON, with nothing, or with a short plain text ({@code OK}) acknowledges. A 2xx with a page or
 * with broken JSON is somebody else's or half an answer, so it is unclear, and the report is repeated.
 */
final class Settling {
    private static final int MOST_ERROR = 500;
    private static final int MOST_PLAIN = 64;

    private Settling() {}

    static Mono<SettleReply> settle(LeaseParts lease, Outcome outcome) {
        Calls calls = lease.calls();
        byte[] body = switch (outcome) {
            case Outcome.Complete complete -> complete.body().getBytes(StandardCharsets.UTF_8);
            case Outcome.Fail fail -> calls.mapper().writeValueAsBytes(
                    calls.mapper().createObjectNode().put(calls.dialect().idField(), lease.handle().id())
                            .put("error", error(fail, lease.credential())));
        };
        return send(calls.calls(), calls.dialect().settling(outcome), lease.credential(), body);
    }

    /** The error text: one line, at most 500 characters, no secrets, no paths. */
    static String error(Outcome.Fail fail, Credential credential) {
        String prefix = switch (fail.cause()) {
            case FAILURE -> "";
            case CANCELLED -> "cancelled: ";
            case TIMEOUT -> "timed out: ";
        };
        String text = OneLine.of(fail.message(), credential, MOST_ERROR);
        String message = text.isEmpty() ? "the job ended without a message" : text;
        String told = OneLine.cut(message.startsWith(prefix.strip()) ? message : prefix + message, MOST_ERROR);
        // half a surrogate pair has no form in UTF-8, and the report would not leave
        return JsText.whole(told);
    }

    private static Mono<SettleReply> send(Transport transport, Operation operation, Credential credential,
            byte[] body) {
        return transport.post(operation, credential, body)
                .map(answer -> reply(transport, operation, credential, answer));
    }

    private static SettleReply reply(Transport transport, Operation operation, Credential credential,
            JsonAnswer answer) {
        if (answer.is2xx()) {
            if (!isPlainWord(answer) && answer.body().length > 0) {
                transport.json(operation, answer);
            }
            return new SettleReply.Acknowledged();
        }
        if (transport.isGone(operation, answer)) {
            return new SettleReply.Gone("HTTP " + answer.status() + transport.errorText(answer, credential));
        }
        int status = answer.status();
        boolean refused = status >= 400 && status < 500 && status != 401 && status != 403 && status != 408
                && status != 429;
        if (refused) {
            return new SettleReply.Refused("HTTP " + status + transport.errorText(answer, credential));
        }
        throw transport.error(operation, answer, credential);
    }

    private static boolean isPlainWord(JsonAnswer answer) {
        String type = answer.contentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/plain")
                && answer.body().length <= MOST_PLAIN && !Transport.isPage(answer);
    }
}
