package dev.coxswain.supervisor.controlplane.oore;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;

/**
 * The claim (contract oore-ci 5): its answer of any status, under the daemon's protocol version. A refused version grants
 * nothing, so the claim is repeated once with the version that the refusal names; a second refusal is the credential's.
 */
final class Claiming {
    private static final int OURS = 4;
    private static final Pattern NUMBER = Pattern.compile("(?<![\\d.])\\d{1,2}(?![\\d.])");

    private final Calls calls;
    private volatile int version = OURS;

    Claiming(Calls calls) {
        this.calls = calls;
    }

    /** Emits a 2xx answer. */
    Mono<JsonAnswer> claim(Credential credential) {
        int sent = version;
        return ask(credential, sent).flatMap(answer -> {
            int wanted = isMismatch(answer) ? wanted(calls.calls().words(answer, credential), sent) : sent;
            return wanted == sent
                    ? Mono.just(answer)
                    : ask(credential, wanted).doOnNext(second -> {
                        if (!isMismatch(second)) {
                            version = wanted;
                        }
                    });
        }).map(answer -> {
            if (isMismatch(answer)) {
                throw new ControlPlaneException.CredentialRefused("the daemon speaks another protocol version: "
                        + calls.calls().words(answer, credential));
            }
            if (!answer.is2xx()) {
                throw calls.calls().runnerError(Operation.LEASE, answer, credential);
            }
            return answer;
        });
    }

    private Mono<JsonAnswer> ask(Credential credential, int sent) {
        return calls.calls().post(Operation.LEASE, credential, Calls.runnerPath(credential) + "/claim",
                calls.mapper().createObjectNode().put("protocol_version", sent));
    }

    private boolean isMismatch(JsonAnswer answer) {
        return answer.status() == 409 && calls.calls().code(answer).equals("runner_protocol_mismatch");
    }

    /** The number in the refusal that is not what we said; ours when there is none, or several. */
    private static int wanted(String words, int sent) {
        Matcher numbers = NUMBER.matcher(words.substring(Math.min(words.length(), words.indexOf(':') + 1)));
        int found = sent;
        while (numbers.find()) {
            int number = Integer.parseInt(numbers.group());
            if (number != sent && number > 0) {
                if (found != sent && found != number) {
                    return sent;
                }
                found = number;
            }
        }
        return found;
    }
}
