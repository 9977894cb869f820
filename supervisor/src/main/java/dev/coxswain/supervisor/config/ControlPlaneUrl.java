package dev.coxswain.supervisor.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;

import dev.coxswain.supervisor.controlplane.Loopback;

/** A control plane's URL that does not come from a file: the same rules as for {@code controlPlanes.NAME.url}. */
public final class ControlPlaneUrl {
    private static final String CLEAR = "must begin with https://, because a credential goes there";
    private static final String CLEAR_HINT = "http is allowed to a loopback address or localhost only";

    private ControlPlaneUrl() {}

    /**
     * The URL without slashes at its end.
     *
     * @param source how the message calls it
     * @throws ConfigException when it is no URL, or one that a credential must not go to
     */
    public static URI parse(String source, String text) {
        try {
            URI url = Values.url(text);
            if (isClear(url)) {
                throw new Refused(CLEAR, CLEAR_HINT);
            }
            return url;
        } catch (Refused e) {
            throw new ConfigException(List.of(new Problem(source, 0, 0, "", e.text(), e.hint())));
        }
    }

    /** Whether it would carry a credential over the network without encryption. */
    static boolean isClear(URI url) {
        return url.getScheme().toLowerCase(Locale.ROOT).equals("http")
                && !Loopback.isHost(url.getHost());
    }
}
