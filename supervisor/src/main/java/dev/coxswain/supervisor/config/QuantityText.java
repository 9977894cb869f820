package dev.coxswain.supervisor.config;

import java.math.BigDecimal;
import java.util.Locale;

/** Amounts as those who write for Kubernetes write them: cores {@code 2}, {@code 0.5}, {@code 500m}; sizes {@code 4Gi}. */
final class QuantityText {
    /** What an amount of cores looks like, as a regular expression. */
    static final String CPU_PATTERN = "[0-9]{1,6}(\\.[0-9]{1,3}|m)?";
    /** What a size looks like; as elsewhere, too. */
    static final String SIZE_PATTERN = "[0-9]{1,18}(B|[KMGT]iB?)";

    private QuantityText() {}

    /**
     * Thousandths of a core.
     *
     * @throws Refused when the text is something else
     */
    static long cpu(String text) {
        if (!text.matches(CPU_PATTERN)) {
            throw new Refused("is no amount of cores", "write 2, 0.5 or 500m");
        }
        return text.endsWith("m")
                ? Long.parseLong(text.substring(0, text.length() - 1))
                : new BigDecimal(text).movePointRight(3).longValueExact();
    }

    static String formatCpu(long millis) {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : String.format(Locale.ROOT, "%dm", millis);
    }

    /** Bytes. */
    static long size(String text) {
        return SizeText.parse(text.matches("[0-9]+[KMGT]i") ? text + "B" : text);
    }
}
