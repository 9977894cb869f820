package dev.coxswain.supervisor.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;

/** {@code controlPlanes.NAME}. */
final class PlaneKeys {
    static final ConfigKey<String> PROTOCOL = ConfigKey.required("protocol",
            Values.choice(ProtocolRules.names(), List.of()),
            "what it speaks");
    static final ConfigKey<URI> URL = ConfigKey.optional("url", Values.URL, "**required**, except by coderunner",
            "base URL; paths are appended; http only to a loopback address or localhost, because a credential goes there");
    static final ConfigKey<Double> REQUESTS_PER_SECOND = ConfigKey.preset("requestsPerSecond",
            Values.positive(100_000), ControlPlaneConfig.DEFAULT_REQUESTS_PER_SECOND, "50; coderunner: 10000",
            "budget of lease requests of all its runners together");
    static final ConfigKey<Section> POLL = ConfigKey.optional("poll", new Shapes.Nested(Poll.ALL), "",
            "intervals of lease requests; not of coderunner, which is served here and tells when a job comes");
    static final ConfigKey<ListenAddress> LISTEN = ConfigKey.optional("listen", Values.LISTEN,
            "**required** by coderunner", "coderunner: where it is served; a change needs a restart");
    static final ConfigKey<URI> PUBLIC_URL = ConfigKey.optional("publicUrl", Values.URL, "the listen address",
            "coderunner: where callers reach it; function URLs begin with it");
    static final ConfigKey<Section> AUTH = ConfigKey.optional("auth", new Shapes.Nested(Auth.ALL),
            "**required** by coderunner", "coderunner: who may call");
    static final ConfigKey<Boolean> PUBLIC_ENDPOINTS = ConfigKey.preset("publicEndpoints", Values.TRUTH, false,
            "coderunner: anybody may call the functions' own URLs (`/fn/…`), and nothing else");
    static final ConfigKey<List<Shapes.Held<String>>> TRUSTED_PROXIES = ConfigKey.optional("trustedProxies",
            new Shapes.ListOf<>(Values.NETWORK, true), "none",
            "coderunner: addresses or networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-*` goes on to user code");
    /** The keys of a control plane that is served here. */
    static final List<ConfigKey<?>> OF_CODERUNNER = List.of(LISTEN, PUBLIC_URL, AUTH, PUBLIC_ENDPOINTS,
            TRUSTED_PROXIES);
    /** The keys of one that is elsewhere. */
    static final List<ConfigKey<?>> OF_OTHERS = List.of(URL, POLL);
    static final ConfigKeys ALL = ConfigKeys.of(PROTOCOL, URL, REQUESTS_PER_SECOND, POLL, LISTEN, PUBLIC_URL, AUTH,
            PUBLIC_ENDPOINTS, TRUSTED_PROXIES).decidedBy(PROTOCOL);

    private PlaneKeys() {}

    /** {@code controlPlanes.NAME.poll}. */
    static final class Poll {
        private static final Scalar<Duration> INTERVAL = Values.duration(Duration.ofMillis(10), Duration.ofHours(1));
        static final ConfigKey<Duration> MIN = ConfigKey.preset("min", INTERVAL, ControlPlaneConfig.DEFAULT_POLL_MIN,
                "shortest interval between two lease requests of one runner, right after a job");
        static final ConfigKey<Duration> MAX = ConfigKey.preset("max", INTERVAL, ControlPlaneConfig.DEFAULT_POLL_MAX,
                "longest interval, for an idle runner");
        static final ConfigKeys ALL = ConfigKeys.of(MIN, MAX);
    }

    /** {@code controlPlanes.NAME.auth}. */
    static final class Auth {
        static final ConfigKey<String> SERVICE_TOKEN_FILE = ConfigKey.optional("serviceTokenFile", Values.FILE, "",
                "file with a token that is trusted for every workspace");
        static final ConfigKey<List<Section>> PUBLIC_KEYS = ConfigKey.optional("publicKeys",
                new Shapes.ShortSections(PublicKey.ALL, PublicKey.FILE), "",
                "keys that callers' tokens (RS256) are signed with");
        static final ConfigKey<URI> JWKS_URL = ConfigKey.optional("jwksUrl", Values.URL, "",
                "where more such keys are found");
        static final ConfigKey<String> ISSUER = ConfigKey.optional("issuer", Values.text(1, 2048), "not checked",
                "what `iss` of a token must be");
        static final ConfigKey<String> AUDIENCE = ConfigKey.optional("audience", Values.text(1, 2048), "not checked",
                "what `aud` of a token must hold");
        static final ConfigKey<Boolean> INSECURE_NO_AUTH = ConfigKey.preset("insecureNoAuth", Values.TRUTH, false,
                "anybody on this host may call, by a loopback name; on a loopback address only");
        static final ConfigKeys ALL = ConfigKeys.of(SERVICE_TOKEN_FILE, PUBLIC_KEYS, JWKS_URL, ISSUER, AUDIENCE,
                INSECURE_NO_AUTH);
    }

    /** {@code controlPlanes.NAME.auth.publicKeys[]}. */
    static final class PublicKey {
        static final ConfigKey<String> FILE = ConfigKey.required("file", Values.FILE,
                "a public key or certificate (PEM), or a JSON Web Key Set");
        static final ConfigKey<String> KID = ConfigKey.optional("kid", Values.text(1, 200), "any",
                "the name that tokens call it by");
        static final ConfigKey<String> SESSION = ConfigKey.optional("session",
                Values.choice(List.of("trusted"), List.of()), "",
                "`trusted`: tokens by it need no claims about workspace and user, as forwarded sessions have none");
        static final ConfigKeys ALL = ConfigKeys.of(FILE, KID, SESSION);
    }
}
