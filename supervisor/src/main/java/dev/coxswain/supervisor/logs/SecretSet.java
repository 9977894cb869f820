package dev.coxswain.supervisor.logs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * Secrets that many jobs have in common, and what finds them: made once for all of their logs, because it is many times
 * larger than the secrets themselves. Those of less than 6 bytes are not looked for: nobody said that they are secrets, they
 * only stand where secrets stand. Immutable.
 */
public final class SecretSet {
    /** No secrets. */
    public static final SecretSet NONE = new SecretSet(List.of());
    /** More text than this would make automata of tens of megabytes. */
    static final int MAX_CHARS = 256 << 10;

    private final Set<Secret> secrets;
    private final Automaton automaton;
    private final boolean tooMuch;

    /** Takes the time to build it: not for an event loop. With more than 256 Ki characters no log can be opened with it. */
    public SecretSet(Collection<Secret> secrets) {
        this.secrets = Set.copyOf(secrets);
        this.tooMuch = chars(this.secrets) > MAX_CHARS;
        this.automaton = tooMuch ? Automaton.NONE : automaton(new LinkedHashSet<>(secrets), SecretForms::of);
    }

    /** How many characters these secrets have together. */
    public static long chars(Collection<Secret> secrets) {
        return secrets.stream().mapToLong(secret -> secret.reveal().length()).sum();
    }

    static Automaton automaton(Collection<Secret> secrets, Function<Secret, List<byte[]>> forms) {
        List<byte[]> patterns = new ArrayList<>();
        secrets.forEach(secret -> patterns.addAll(forms.apply(secret)));
        return new Automaton(patterns);
    }

    static LogException tooMuch() {
        return new LogException("the secrets of one job are more than " + MAX_CHARS
                + " characters together: they can't all be masked", null);
    }

    boolean contains(Secret secret) {
        return secrets.contains(secret);
    }

    /** @throws LogException when there are too many */
    Automaton automaton() {
        if (tooMuch) {
            throw tooMuch();
        }
        return automaton;
    }

    /** How many there are, and none of them. */
    @Override
    public String toString() {
        return secrets.size() + " secrets";
    }
}
