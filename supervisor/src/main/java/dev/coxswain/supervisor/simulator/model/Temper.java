package dev.coxswain.supervisor.simulator.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the model behaves in one conversation. */
enum Temper {
    /** answers at once */
    PLAIN(true),
    /** makes a list, then answers */
    ONE_TOOL(true),
    /** calls every tool in one answer */
    PARALLEL(true),
    /** its first call has arguments that are no JSON */
    BAD_ARGUMENTS(true),
    /** its first call is of a tool that there is not */
    UNKNOWN_TOOL(true),
    /** cites a list that it makes only when it is asked for it */
    PLACEHOLDER(true),
    /** thinks for a while */
    SLOW(true),
    /** the first request is answered with 429 and Retry-After */
    RATE_LIMITED(true),
    /** the first request is answered with 503 */
    OVERLOADED(true),
    /** the connection ends in the middle of the first answer */
    CUT_BODY(true),
    /** the first answer is whole by its length, and half by its JSON */
    HALF_JSON(true),
    /** its answer is not completed; the job fails */
    INCOMPLETE(false),
    /** cites a list that it never makes; the job fails */
    HOPELESS(false);

    private static final Pattern WISH = Pattern.compile("\\[model:([a-z_]+)\\]");

    /** Whether a job comes to a good end with it. */
    private final boolean good;

    Temper(boolean good) {
        this.good = good;
    }

    /** What the prompt asks for, as in {@code [model:hopeless]}; else one of the good ones, by seed and prompt. */
    static Temper of(long seed, String prompt) {
        Matcher wish = WISH.matcher(prompt);
        while (wish.find()) {
            for (Temper temper : values()) {
                if (temper.word().equals(wish.group(1))) {
                    return temper;
                }
            }
        }
        Temper[] good = Arrays.stream(values()).filter(temper -> temper.good).toArray(Temper[]::new);
        return good[Math.floorMod(31 * seed + prompt.hashCode(), good.length)];
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
