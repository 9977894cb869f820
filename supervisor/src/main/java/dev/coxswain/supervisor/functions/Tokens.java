package dev.coxswain.supervisor.functions;

import dev.coxswain.supervisor.controlplane.Secret;

/** Where the token of a request comes from. */
public interface Tokens {
    /** The one to send now. May take a moment of computing, and does not block. */
    Secret token();

    /** Whether another one may be accepted where this was not: it asks for a new one then. */
    boolean renew();

    /** One that somebody gave us. */
    static Tokens of(Secret token) {
        return new Tokens() {
            @Override
            public Secret token() {
                return token;
            }

            @Override
            public boolean renew() {
                return false;
            }
        };
    }
}
