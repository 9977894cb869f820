package dev.coxswain.supervisor.logs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * Replaces every byte that belongs to an occurrence of a secret, in any of its {@link SecretForms}, and lets every other
 * byte through untouched. Occurrences that overlap or touch become one {@code ***}. How the stream is cut into chunks
 * changes nothing in the result. Only the newest bytes that are the beginning of a form are held back, at most 4 KiB.
 *
 * <p>
 * Not thread-safe: its log guards it.
 */
final class Masker {
    private static final byte[] MASK = {'*', '*', '*'};
    private static final byte[] NOTHING = {};

    private final SecretSet shared;
    private final Automaton common;
    private int commonState = Automaton.ROOT;
    /** Secrets of this job alone. */
    private final Set<Secret> secrets = new LinkedHashSet<>();
    private int secretChars;
    private boolean stale;
    private Automaton own = Automaton.NONE;
    private int ownState = Automaton.ROOT;
    private byte[] held = NOTHING;
    private final Intervals covered = new Intervals();
    private final Intervals ownFound = new Intervals();
    private boolean maskedLast;

    /**
     * @param shared hidden from the beginning, at no cost for this log
     * @throws LogException when they can't all be masked
     */
    Masker(SecretSet shared) {
        this.shared = shared;
        this.common = shared.automaton();
    }

    /**
     * Hides this secret in all bytes from now on, whatever its length; costs nothing until the next of them.
     *
     * @throws LogException when the job's own secrets are more than 256 Ki characters together
     */
    void add(Secret secret) {
        boolean hidden = shared.contains(secret) && secret.reveal().length() >= SecretForms.MIN_BYTES;
        if (hidden || secrets.contains(secret)) {
            return;
        }
        int chars = secret.reveal().length();
        if (chars > SecretSet.MAX_CHARS - secretChars) {
            throw SecretSet.tooMuch();
        }
        secretChars += chars;
        secrets.add(secret);
        stale = true;
    }

    /** The next bytes of the stream; returns those that are certain now, which can be the same array. */
    byte[] mask(byte[] chunk) {
        refresh();
        if (common.isEmpty() && own.isEmpty()) {
            return chunk;
        }
        commonState = common.scan(commonState, chunk, covered);
        ownState = own.scan(ownState, chunk, ownFound);
        covered.moveIn(ownFound);
        return release(chunk, chunk.length - Math.max(common.depth(commonState), own.depth(ownState)));
    }

    /** The end of the stream: what was held back. */
    byte[] finish() {
        commonState = Automaton.ROOT;
        ownState = Automaton.ROOT;
        return release(NOTHING, 0);
    }

    /** Masks a text that is no part of the stream. */
    String mask(String text) {
        refresh();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Masker once = new Masker(shared);
        once.own = own;
        byte[] begin = once.mask(bytes);
        byte[] end = once.finish();
        if (end.length == 0 && Arrays.equals(begin, bytes)) {
            return text;
        }
        byte[] all = Arrays.copyOf(begin, begin.length + end.length);
        System.arraycopy(end, 0, all, begin.length, end.length);
        return new String(all, StandardCharsets.UTF_8);
    }

    /** Positions count from the chunk's first byte; those of held bytes are negative. */
    private byte[] release(byte[] chunk, int certain) {
        int at = -held.length;
        if (at == 0 && covered.count() == 0 && certain == chunk.length) {
            maskedLast &= chunk.length == 0;
            return chunk;
        }
        int most = covered.count() == 0 ? certain - at : held.length + chunk.length + MASK.length * covered.count();
        ByteBuffer out = ByteBuffer.allocate(Math.max(0, most));
        for (int i = 0; i < covered.count() && covered.start(i) <= Math.max(certain, at); i++) {
            copy(chunk, at, covered.start(i), out);
            if (!maskedLast) {
                out.put(MASK);
                maskedLast = true;
            }
            at = covered.end(i);
        }
        copy(chunk, at, certain, out);
        hold(chunk, Math.max(at, certain));
        return out.hasRemaining() ? Arrays.copyOf(out.array(), out.position()) : out.array();
    }

    private void copy(byte[] chunk, int from, int to, ByteBuffer out) {
        if (from < to) {
            int border = Math.clamp(0, from, to);
            if (border > from) {
                out.put(held, held.length + from, border - from);
            }
            out.put(chunk, Math.max(from, 0), to - border);
            maskedLast = false;
        }
    }

    private void hold(byte[] chunk, int from) {
        byte[] rest = new byte[chunk.length - from];
        int old = Math.max(0, -from);
        System.arraycopy(held, held.length - old, rest, 0, old);
        System.arraycopy(chunk, from + old, rest, old, rest.length - old);
        held = rest;
        covered.keepFrom(from, chunk.length);
    }

    private void refresh() {
        if (stale) {
            stale = false;
            own = SecretSet.automaton(secrets, SecretForms::ofAnyLength);
        }
    }
}
