package dev.coxswain.supervisor.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where the output goes.
 *
 * @param live whether a person watches and lines can be drawn again
 * @param colour whether words may be coloured
 * @param columns most columns of a line; {@link Integer#MAX_VALUE} when nobody cares
 */
public record Terminal(boolean live, boolean colour, int columns, int lines) {
    /** A file or a pipe: no colours, nothing is cut. */
    public static final Terminal NONE = new Terminal(false, false, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");
    private static final int MOST_MILLIS = 500;

    /**
     * Looks at the environment ({@code COX_TERMINAL} from the launcher, {@code NO_COLOR}, {@code TERM}) and asks
     * {@code stty} for the size, else {@code COLUMNS} and {@code LINES}, else takes 80 by 24. Blocks for some
     * milliseconds: not for an event loop.
     */
    public static Terminal of(Map<String, String> environment) {
        if (!"1".equals(environment.get("COX_TERMINAL"))) {
            return NONE;
        }
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean colour = !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
        Matcher size = SIZE.matcher(stty());
        if (size.matches() && Integer.parseInt(size.group(1)) > 0 && Integer.parseInt(size.group(2)) > 0) {
            return new Terminal(!dumb, colour, Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)));
        }
        return new Terminal(!dumb, colour, number(environment.get("COLUMNS"), 80),
                number(environment.get("LINES"), 24));
    }

    /** The same without a last line: what is printed may be scrolled. */
    public Terminal unlimited() {
        return new Terminal(live, colour, columns, Integer.MAX_VALUE);
    }

    private static int number(@Nullable String text, int fallback) {
        return text != null && text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : fallback;
    }

    /** What {@code stty size} says, or nothing: without a terminal, or without the program, the fallback is good enough. */
    private static String stty() {
        try {
            Process process = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(MOST_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
