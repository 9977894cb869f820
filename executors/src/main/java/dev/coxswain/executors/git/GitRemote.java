package dev.coxswain.executors.git;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.SourceAccess;

/**
 * Where a repository is fetched from. No URL here holds a credential: one that the control plane wrote into a URL becomes a
 * header.
 *
 * @param origin the repository's own URL, which relative submodules are relative to
 * @param fetchUrl where this job fetches from; the control plane's proxy, if it has one
 * @param header a whole header line for {@code fetchUrl} alone, a secret; null for none
 * @param isProxied whether the control plane itself hands the sources out
 */
public record GitRemote(String origin, String fetchUrl, @Nullable String header, boolean isProxied) {
    private static final Pattern WEB = Pattern.compile("(https?)://(?:([^/@?#]*)@)?([A-Za-z0-9\\[][^/@?#]*)(/[^?#]*)?");
    private static final Pattern SSH = Pattern
            .compile("ssh://(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9\\[][A-Za-z0-9.:\\]-]*/.+");
    private static final Pattern SCP = Pattern.compile("(?:[A-Za-z0-9._]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!/?/)[^:-].*");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}]");
    private static final int MOST_CHARS = 4_096;

    /**
     * The remote of a job.
     *
     * @param repoUrl of the repository: {@code https}, {@code http}, {@code ssh}, or an absolute path of this host
     * @param access how the control plane guards it, or null
     * @throws GitRefusedException when it is none of these
     */
    public static GitRemote of(@Nullable String repoUrl, @Nullable SourceAccess access) {
        String url = repoUrl == null ? "" : repoUrl.strip();
        if (access != null) {
            String header = access.header();
            if (!WEB.matcher(access.url()).matches() || UNPRINTABLE.matcher(access.url() + header).find()) {
                throw new GitRefusedException(
                        "the control plane's checkout proxy has a URL or a header that git can't use");
            }
            return new GitRemote(url.isEmpty() ? access.url() : plain(url).fetchUrl, access.url(), header, true);
        }
        if (url.isEmpty()) {
            throw new GitRefusedException("the build has no repo_url: there is nothing to check out");
        }
        return plain(url);
    }

    private static GitRemote plain(String url) {
        Matcher web = WEB.matcher(url);
        if (url.length() > MOST_CHARS || UNPRINTABLE.matcher(url).find()) {
            throw new GitRefusedException("repo_url is too long or holds control characters");
        }
        if (web.matches()) {
            String user = web.group(2);
            String path = web.group(4);
            String clean = web.group(1) + "://" + web.group(3) + (path == null ? "" : path);
            return new GitRemote(clean, clean, user == null || user.isEmpty() ? null : basic(user), false);
        }
        if (url.startsWith("/") || SSH.matcher(url).matches() || SCP.matcher(url).matches()) {
            return new GitRemote(url, url, null, false);
        }
        throw new GitRefusedException(
                "repo_url has a form that is not allowed: allowed are https, http and ssh URLs, and "
                        + "absolute paths of this host");
    }

    private static String basic(String user) {
        String plain;
        try {
            plain = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new GitRefusedException("repo_url has a user name with a wrong % in it");
        }
        String pair = plain.indexOf(':') < 0 ? plain + ":" : plain;
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the repository lies on this host. */
    boolean isLocal() {
        return fetchUrl.startsWith("/");
    }

    /** What git may use for the fetch, a list with colons. */
    String fetchProtocols() {
        return protocols(fetchUrl);
    }

    /** What git may use for submodules: no file of this host unless the repository is one, no clear text unless it is. */
    String submoduleProtocols() {
        String own = protocols(origin);
        return own.equals("https") || own.equals("ssh") ? "https:ssh" : "https:ssh:" + own;
    }

    private static String protocols(String url) {
        return url.startsWith("/")
                ? "file"
                : url.startsWith("https:")
                        ? "https"
                        : url.startsWith("http:")
                                ? "http"
                                : "ssh";
    }

    /** Hides the header. */
    @Override
    public String toString() {
        return "GitRemote[" + fetchUrl + "]";
    }
}
