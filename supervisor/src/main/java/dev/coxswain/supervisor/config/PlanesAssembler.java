package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.coderunner.CoderunnerConfig;
import dev.coxswain.supervisor.coderunner.CoderunnerLimits;
import dev.coxswain.supervisor.coderunner.TrustedProxies;
import dev.coxswain.supervisor.coderunner.access.AuthConfig;
import dev.coxswain.supervisor.config.PlaneKeys.Auth;
import dev.coxswain.supervisor.config.PlaneKeys.Poll;
import dev.coxswain.supervisor.config.PlaneKeys.PublicKey;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Loopback;

/** Makes {@code controlPlanes}: those that are called, and those that are served here. */
final class PlanesAssembler {
    /** In this process: a poll costs no request, and is made when a job comes. */
    private static final double SERVED_REQUESTS_PER_SECOND = 10_000;
    private static final Duration SERVED_POLL_MIN = Duration.ofMillis(10);
    private static final Duration SERVED_POLL_MAX = Duration.ofSeconds(1);

    private final Map<String, CoderunnerConfig> served = new LinkedHashMap<>();

    /** Those that are served here, of all that were made. */
    Map<String, CoderunnerConfig> served() {
        return served;
    }

    /** One of them; null when it can't be made, which is then a problem. */
    @Nullable
    ControlPlaneConfig plane(String name, Section section) {
        String protocol = section.find(PlaneKeys.PROTOCOL);
        if (protocol == null) {
            return null;
        }
        boolean servedHere = ProtocolRules.of(protocol).served();
        (servedHere ? PlaneKeys.OF_OTHERS : PlaneKeys.OF_CODERUNNER).stream().filter(section::isWritten).forEach(
                key -> section.refuse(key, "is no key of a control plane of protocol " + protocol, null));
        return servedHere ? servedHere(name, protocol, section) : elsewhere(name, protocol, section);
    }

    private static @Nullable ControlPlaneConfig elsewhere(String name, String protocol, Section section) {
        URI url = section.find(PlaneKeys.URL);
        if (!section.isWritten(PlaneKeys.URL) && !section.isBroken()) {
            section.refuse(PlaneKeys.URL, "is missing", PlaneKeys.URL.meaning());
        }
        Section poll = section.below(PlaneKeys.POLL);
        Duration min = poll.get(Poll.MIN);
        Duration max = poll.get(Poll.MAX);
        if (min.compareTo(max) > 0) {
            poll.refuse(poll.isWritten(Poll.MIN) ? Poll.MIN : Poll.MAX,
                    "poll.min (" + DurationText.format(min) + ") is more than poll.max (" + DurationText.format(max)
                            + ")",
                    null);
        }
        if (url != null && "http".equalsIgnoreCase(url.getScheme())
                && !Loopback.isHost(url.getHost())) {
            section.refuse(PlaneKeys.URL, "must begin with https://, because a credential goes there",
                    "http is allowed to a loopback address or localhost only");
        }
        return url == null
                ? null
                : new ControlPlaneConfig(name, protocol, url, section.get(PlaneKeys.REQUESTS_PER_SECOND), min, max);
    }

    private @Nullable ControlPlaneConfig servedHere(String name, String protocol, Section section) {
        ListenAddress listen = section.find(PlaneKeys.LISTEN);
        if (!section.isWritten(PlaneKeys.LISTEN)) {
            section.refuse(PlaneKeys.LISTEN, "is missing", "write host:port, for example 127.0.0.1:8720");
        }
        AuthConfig auth = auth(section.below(PlaneKeys.AUTH));
        if (!section.isWritten(PlaneKeys.AUTH) || !(auth.hasKeys() || auth.insecureNoAuth())) {
            section.refuse(PlaneKeys.AUTH, "names no way to tell callers apart",
                    "write serviceTokenFile, publicKeys or jwksUrl; or insecureNoAuth: true on a loopback address");
        }
        if (listen == null) {
            return null;
        }
        if (auth.insecureNoAuth() && !listen.isLoopback()) {
            section.refuse(PlaneKeys.LISTEN, "can be reached by others than this host, and auth.insecureNoAuth is set",
                    "listen on 127.0.0.1, or name keys");
        }
        if (!served.isEmpty()) {
            section.refuse(PlaneKeys.PROTOCOL, "is that of another control plane as well",
                    "a supervisor serves one Coderunner");
        }
        URI publicUrl = section.find(PlaneKeys.PUBLIC_URL);
        served.put(name, new CoderunnerConfig(name, listen.host(), listen.port(), publicUrl, auth,
                section.get(PlaneKeys.PUBLIC_ENDPOINTS), proxies(section),
                CoderunnerLimits.DEFAULT));
        String host = listen.host().contains(":") ? "[" + listen.host() + "]" : listen.host();
        return new ControlPlaneConfig(name, protocol,
                publicUrl == null ? URI.create("http://" + host + ":" + listen.port()) : publicUrl,
                section.isWritten(PlaneKeys.REQUESTS_PER_SECOND)
                        ? section.get(PlaneKeys.REQUESTS_PER_SECOND)
                        : SERVED_REQUESTS_PER_SECOND,
                SERVED_POLL_MIN, SERVED_POLL_MAX);
    }

    private static AuthConfig auth(Section auth) {
        List<Section> keys = auth.find(Auth.PUBLIC_KEYS);
        return new AuthConfig(auth.secretFile(Auth.SERVICE_TOKEN_FILE),
                keys == null ? List.of() : keys.stream().map(PlanesAssembler::key).toList(),
                auth.find(Auth.JWKS_URL), false, auth.find(Auth.ISSUER), auth.find(Auth.AUDIENCE),
                auth.get(Auth.INSECURE_NO_AUTH));
    }

    private static AuthConfig.PublicKeyFile key(Section key) {
        Path file = key.file(PublicKey.FILE);
        return new AuthConfig.PublicKeyFile(file == null ? Path.of("") : file, key.find(PublicKey.KID),
                key.find(PublicKey.SESSION) != null);
    }

    private static TrustedProxies proxies(Section section) {
        List<Shapes.Held<String>> written = section.find(PlaneKeys.TRUSTED_PROXIES);
        return written == null
                ? TrustedProxies.NONE
                : new TrustedProxies(written.stream().map(Shapes.Held::value).toList());
    }
}
