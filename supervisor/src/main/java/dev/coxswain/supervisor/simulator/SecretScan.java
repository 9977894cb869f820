package dev.coxswain.supervisor.simulator;

import java.util.Map;
import java.util.function.Predicate;

/** Looks for tokens and signed URLs where they do not belong, and enters what it finds. */
final class SecretScan {
    private final Tokens tokens;
    private final Ledger ledger;
    private final Predicate<String> leaksJobCredential;

    /** @param leaksJobCredential whether a text holds what a control plane gave out with a job */
    SecretScan(Tokens tokens, Ledger ledger, Predicate<String> leaksJobCredential) {
        this.tokens = tokens;
        this.ledger = ledger;
        this.leaksJobCredential = leaksJobCredential;
    }

    /** Looks at the request line and at all headers but Authorization, which has its own rules. */
    void head(Exchange exchange) {
        Route.GrantPlace grant = exchange.target instanceof Router.Target.Endpoint to
                ? to.route().grantIn()
                : Route.GrantPlace.NOWHERE;
        if (tokens.leaksToken(exchange.request.uri()) || leaksJobCredential.test(exchange.request.uri())
                || (grant != Route.GrantPlace.PATH && tokens.leaksGrant(exchange.request.uri()))) {
            // not the path: it may be where the token is
            seen(exchange, "url", "a token in a URL");
        }
        for (Map.Entry<String, String> header : exchange.request.requestHeaders()) {
            boolean token = !header.getKey().equalsIgnoreCase("authorization")
                    && (tokens.leaksToken(header.getValue()) || leaksJobCredential.test(header.getValue()));
            if (token || (grant != Route.GrantPlace.HEADER && tokens.leaksGrant(header.getValue()))) {
                seen(exchange, "header", "a token in the header " + header.getKey());
            }
        }
        String bearer = String.valueOf(Call.bearer(exchange.request.requestHeaders()));
        if (exchange.target instanceof Router.Target.Endpoint endpoint && exchange.holder != null
                && !endpoint.plane().tokens().contains(bearer) && !endpoint.plane().plane().gaveOut(bearer)
                && endpoint.plane().plane().holder(exchange.authorization()) == null) {
            seen(exchange, exchange.holder, "the token of another control plane");
        }
    }

    /** Looks at a body. */
    void body(Exchange exchange, boolean mayHoldToken, String body) {
        if (tokens.leaksGrant(body) || leaksJobCredential.test(body) || (!mayHoldToken && tokens.leaksToken(body))) {
            seen(exchange, exchange.kind().label(), "a token in a body");
        }
        if (Tokens.leaksSignature(body)) {
            seen(exchange, exchange.kind().label(), "a signed URL in a body");
        }
    }

    private void seen(Exchange exchange, String subject, String detail) {
        ledger.violation(Violation.SECRET_SEEN, exchange.target.protocol(), subject, detail);
    }
}
