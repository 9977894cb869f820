package dev.coxswain.supervisor.controlplane.oore;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all calls of one control plane share.
 *
 * @param base its URL without a trailing slash
 * @param calls for everything but heartbeats
 * @param heartbeats over their own connection pool
 */
record Calls(URI base, Transport calls, Transport heartbeats, JsonMapper mapper, FleetClock clock,
        Generations generations) {
    static String runnerPath(Credential credential) {
        String id = credential.id();
        return "/v1/runners/" + segment(id == null ? credential.runner() : id);
    }

    static String jobPath(Credential credential, String build) {
        return runnerPath(credential) + "/jobs/" + segment(build);
    }

    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
