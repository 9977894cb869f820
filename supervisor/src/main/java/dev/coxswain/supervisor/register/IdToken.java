package dev.coxswain.supervisor.register;

import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * Tells a Firebase ID token from a runner's key by its form, so that the one is never sent in place of the other (contract
 * xenonflare-workspace 1). Only the control plane knows whether it is valid.
 */
public final class IdToken {
    private static final int MOST_CHARS = 16 << 10;
    /** A JSON Web Token: three parts, the first of which is a JSON object, and those begin so. */
    private static final Pattern FORM = Pattern.compile("eyJ[\\w-]*\\.[\\w-]+\\.[\\w-]+");
    private static final Pattern KEY = Pattern.compile("[^\\s.]+\\.[^\\s.]+");

    private IdToken() {}

    /**
     * The token in this text.
     *
     * @param source where the text is from, for messages, which never quote it
     * @throws RegisterException when it is none
     */
    public static Secret of(String text, String source) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new RegisterException(RegisterException.Kind.USAGE,
                    source + " is empty; the Firebase ID token of a person belongs there", null);
        }
        if (token.length() > MOST_CHARS) {
            throw new RegisterException(RegisterException.Kind.USAGE, source + " is longer than an ID token is", null);
        }
        if (FORM.matcher(token).matches()) {
            return new Secret(token);
        }
        throw new RegisterException(RegisterException.Kind.USAGE, source + (KEY.matcher(token).matches()
                ? " looks like a runner's key, which leases jobs; runners are made with the Firebase ID token of a person"
                : " is no Firebase ID token: that is one word of three parts with dots between them"), null);
    }
}
