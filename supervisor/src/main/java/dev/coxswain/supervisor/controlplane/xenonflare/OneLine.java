package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.Credential;

/**
 * Makes a text fit for other eyes (contract xenonflare-studio 8): one line, short, without the runner's token, without the
 * query of a URL (it may be a signature), and without folders of this host.
 */
final class OneLine {
    /** Longest input that is looked at; what is behind it is dropped after the token is masked. */
    private static final int MOST_INPUT = 8_000;
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}\\u2028\\u2029]+");
    private static final Pattern URL_QUERY = Pattern.compile("(https?://[^\\s?#'\"<>]{1,2000})[?#][^\\s'\"<>]*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BEARER = Pattern.compile("(bearer )[^\\s'\",]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE_URL = Pattern.compile("file:/{1,3}(?=[^/\\s])", Pattern.CASE_INSENSITIVE);
    private static final Pattern UNIX_PATH = Pattern
            .compile("(?<![\\w:/.~-])~?/(?=[^\\s/:'\"<>|(),])(?:[^\\s/:'\"<>|(),]++/)*+([^\\s/:'\"<>|(),]*+)");
    private static final Pattern WINDOWS_PATH = Pattern
            .compile(
                    "(?<![\\w])[A-Za-z]:[\\\\/](?![\\\\/])(?:[^\\s\\\\/:'\"<>|(),]++[\\\\/])*+([^\\s\\\\/:'\"<>|(),]*+)");

    private OneLine() {}

    /** The cleaned text, at most {@code most} characters; of a path only its last part stays. May be empty. */
    static String of(String text, Credential credential, int most) {
        // the token goes first: a cut through it would leave a half that nothing recognises
        String clean = text.replace(credential.token().reveal(), "***");
        clean = BLANKS.matcher(cut(clean, MOST_INPUT)).replaceAll(" ").strip();
        clean = URL_QUERY.matcher(clean).replaceAll("$1");
        clean = BEARER.matcher(clean).replaceAll("$1***");
        clean = FILE_URL.matcher(clean).replaceAll("/");
        clean = WINDOWS_PATH.matcher(clean).replaceAll("$1");
        clean = UNIX_PATH.matcher(clean).replaceAll("$1");
        return cut(clean.strip(), most);
    }

    /** At most {@code most} UTF-16 units, without half a surrogate pair at the end. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }
}
