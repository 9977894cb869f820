package dev.coxswain.supervisor.logs;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Secret;

/** What masking means, as simply as it can be said: try every form at every place. */
final class NaiveMask {
    private NaiveMask() {}

    static byte[] of(List<String> secrets, byte[] text) {
        return of(secrets, text, SecretForms::of);
    }

    static byte[] ofAnyLength(List<String> secrets, byte[] text) {
        return of(secrets, text, SecretForms::ofAnyLength);
    }

    private static byte[] of(List<String> secrets, byte[] text, Function<Secret, List<byte[]>> forms) {
        BitSet hidden = new BitSet(text.length);
        for (String secret : secrets) {
            for (byte[] form : forms.apply(new Secret(secret))) {
                for (int at = 0; at + form.length <= text.length; at++) {
                    if (Arrays.equals(text, at, at + form.length, form, 0, form.length)) {
                        hidden.set(at, at + form.length);
                    }
                }
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at++) {
            if (!hidden.get(at)) {
                out.write(text[at]);
            } else if (at == 0 || !hidden.get(at - 1)) {
                out.writeBytes(new byte[]{'*', '*', '*'});
            }
        }
        return out.toByteArray();
    }
}
