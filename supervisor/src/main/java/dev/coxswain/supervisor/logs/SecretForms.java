package dev.coxswain.supervisor.logs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * The shapes in which a secret turns up in a log: itself, each of its lines, percent-encoded, escaped in JSON, and as
 * base64 at each of the three places where it can begin in a longer base64 text. Of a base64 text only the characters
 * that depend on the secret alone are a form; the one before and the one after can carry up to four bits of it.
 *
 * <p>
 * Forms of less than 6 bytes are left out: hiding each {@code true} or {@code 8080} would spoil the log and tell the
 * secret by its gaps. Only a secret that a job was told to hide is hidden whatever its length, as it is.
 */
final class SecretForms {
    /** Less would hide ordinary words. */
    static final int MIN_BYTES = 6;
    /** Where GNU and BSD base64 break their lines. */
    private static final int BASE64_LINE = 76;

    private final Set<String> forms = new LinkedHashSet<>();

    private SecretForms() {}

    /** The byte patterns of this secret, always in the same order. */
    static List<byte[]> of(Secret secret) {
        SecretForms all = new SecretForms();
        String text = secret.reveal();
        all.whole(text);
        all.whole(text.strip());
        for (String line : text.split("[\r\n]+")) {
            all.text(line.strip());
        }
        List<byte[]> patterns = new ArrayList<>();
        // Forms hold bytes as Latin-1 characters: a set of arrays would not see equals.
        all.forms.forEach(form -> cut(form.getBytes(StandardCharsets.ISO_8859_1), patterns));
        return patterns;
    }

    /** The same, and the secret itself when it is too short to have any. */
    static List<byte[]> ofAnyLength(Secret secret) {
        List<byte[]> patterns = of(secret);
        byte[] itself = secret.reveal().getBytes(StandardCharsets.UTF_8);
        if (itself.length < MIN_BYTES) {
            patterns.add(itself);
        }
        return patterns;
    }

    private void whole(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_BYTES) {
            return;
        }
        text(text);
        Base64.Encoder plain = Base64.getEncoder();
        Base64.Encoder url = Base64.getUrlEncoder();
        base64(bytes, plain);
        base64(bytes, url);
    }

    private void text(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
        for (String unreserved : Escapes.UNRESERVED) {
            add(Escapes.percent(text, HexFormat.of().withUpperCase(), "%20", unreserved));
            add(Escapes.percent(text, HexFormat.of().withUpperCase(), "+", unreserved));
            add(Escapes.percent(text, HexFormat.of(), "%20", unreserved));
            add(Escapes.percent(text, HexFormat.of(), "+", unreserved));
        }
        add(Escapes.json(text, false));
        add(Escapes.json(text, true));
    }

    private void base64(byte[] bytes, Base64.Encoder encoder) {
        String alone = encoder.encodeToString(bytes);
        add(alone);
        for (int from = 0; alone.length() > BASE64_LINE && from < alone.length(); from += BASE64_LINE) {
            add(alone.substring(from, Math.min(alone.length(), from + BASE64_LINE)));
        }
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String encoded = encoder.withoutPadding().encodeToString(shifted);
            int first = (before * 8 + 5) / 6;
            int end = shifted.length * 8 / 6;
            add(encoded.substring(first, end));
        }
    }

    private void add(String form) {
        add(form.getBytes(StandardCharsets.UTF_8));
    }

    private void add(byte[] form) {
        if (form.length >= MIN_BYTES) {
            forms.add(new String(form, StandardCharsets.ISO_8859_1));
        }
    }

    /** Pieces touch, and the last one overlaps the one before, so that together they cover the whole form. */
    private static void cut(byte[] form, List<byte[]> patterns) {
        int most = Automaton.MAX_PATTERN_BYTES;
        int at = 0;
        while (form.length - at > most) {
            patterns.add(Arrays.copyOfRange(form, at, at + most));
            at += most;
        }
        int from = Math.min(at, Math.max(0, form.length - MIN_BYTES));
        patterns.add(Arrays.copyOfRange(form, from, form.length));
    }
}
