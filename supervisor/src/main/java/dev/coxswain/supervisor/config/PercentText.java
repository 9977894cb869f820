package dev.coxswain.supervisor.config;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shares as they are written in the configuration: {@code 90%}, {@code 2.5%}. */
final class PercentText {
    /** What a percentage looks like, as a regular expression. */
    static final String PATTERN = "([0-9]{1,3}(\\.[0-9]{1,2})?)%";
    private static final Pattern FORM = Pattern.compile(PATTERN);

    private PercentText() {}

    /** Reads a percentage into a share: {@code 90%} is 0.9. Throws {@link Refused}, without quoting the text. */
    static double parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new Refused("is not a percentage", "write a number and %, for example 90%");
        }
        return new BigDecimal(form.group(1)).movePointLeft(2).doubleValue();
    }

    /** Writes a share with at most two digits after the point; {@link #parse} reads it back. */
    static String format(double share) {
        BigDecimal percent = BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros();
        return percent.toPlainString() + "%";
    }
}
