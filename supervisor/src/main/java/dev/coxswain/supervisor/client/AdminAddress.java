package dev.coxswain.supervisor.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.AdminException.Kind;
import dev.coxswain.supervisor.controlplane.Loopback;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the admin API is, and how that is known.
 *
 * @param uri {@code http} or {@code https} with a host, without a slash at its end
 * @param source for error texts
 */
public record AdminAddress(URI uri, String source) {
    private static final String DEFAULT = "http://127.0.0.1:8710";
    private static final Path USUAL_STATE_DIR = Path.of(".coxswain");
    private static final int MOST_BYTES = 4_096;

    /**
     * Finds it: what was given, else {@code endpoints.json} in the given state folder, else {@code COX_ADMIN}, else
     * {@code endpoints.json} in {@code .coxswain} of the current folder, else the default. Reads files: not for an event
     * loop.
     *
     * @throws AdminException when what is found is no address
     */
    public static AdminAddress find(@Nullable String given, @Nullable Path stateDir, Map<String, String> environment) {
        if (given != null && stateDir != null) {
            throw usage("--admin and --state-dir both say where to look; use one of them");
        }
        if (given != null) {
            return of(given, "--admin");
        }
        if (stateDir != null) {
            return written(stateDir.resolve("endpoints.json"));
        }
        String named = environment.getOrDefault("COX_ADMIN", "");
        if (!named.isEmpty()) {
            return of(named, "COX_ADMIN");
        }
        Path usual = USUAL_STATE_DIR.resolve("endpoints.json");
        if (Files.exists(usual)) {
            requireMine(usual);
            return written(usual);
        }
        return of(DEFAULT, "the default; --admin, COX_ADMIN or --state-dir name another");
    }

    private static AdminAddress of(String text, String source) {
        try {
            URI uri = new URI(text.strip());
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getUserInfo() == null
                    && uri.getQuery() == null && uri.getFragment() == null) {
                String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
                return new AdminAddress(URI.create(scheme + "://" + uri.getRawAuthority() + path), source);
            }
        } catch (URISyntaxException e) {
            // said below: the text may hold a password, so neither it nor the exception is shown
        }
        throw usage("the address from " + source + " is none; it looks like http://127.0.0.1:8710, without user, "
                + "query and fragment");
    }

    private static AdminAddress written(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw usage(file + " can't be read (" + e.getClass().getSimpleName()
                    + "); is this the state folder of a `cox run` that was started?");
        }
        try {
            JsonNode admin = bytes.length > MOST_BYTES
                    ? null
                    : JsonMapper.builder().build().readTree(bytes).get("admin");
            if (admin != null && admin.isString()) {
                return of(admin.stringValue(), file.toString());
            }
        } catch (JacksonException e) {
            // said below
        }
        throw usage(file + " does not say where the admin API is; name it with --admin");
    }

    /** A folder that happens to be the current one may be somebody's trap for our token. */
    private static void requireMine(Path file) {
        try {
            Object owner = Files.getAttribute(file, "unix:uid");
            Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (!owner.equals(me)) {
                throw usage(file + " belongs to another user; say --state-dir " + USUAL_STATE_DIR
                        + " when it is meant, or name the address with --admin");
            }
        } catch (IOException e) {
            throw usage("it can't be seen whose " + file + " is; say --state-dir " + USUAL_STATE_DIR
                    + " when it is meant, or name the address with --admin");
        }
    }

    /** Whether nothing that is sent there leaves this host, as far as the name tells; no name is looked up. */
    boolean isLoopback() {
        return Loopback.isHost(uri.getHost());
    }

    boolean isEncrypted() {
        return uri.getScheme().equals("https");
    }

    private static AdminException usage(String message) {
        return new AdminException(Kind.USAGE, message);
    }
}
