package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.FleetKeys.Supervisor;
import dev.coxswain.supervisor.config.FleetKeys.Traces;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.traces.TracesConfig;

/** Makes {@code supervisor.traces}. */
final class TracesAssembler {
    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MOST_HEADERS = 32;
    /** A shorter value is a setting, and masking it would spoil logs. */
    private static final int SHORTEST_SECRET = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{1,8192}");
    private static final String FORM = "write one header a line, for example authorization: Bearer …";
    /** What the request itself decides. */
    private static final Set<String> OURS = Set.of("connection", "content-encoding", "content-length", "content-type",
            "expect", "host", "transfer-encoding", "upgrade");

    private final Set<Secret> secrets;

    /** @param secrets takes what is found */
    TracesAssembler(Set<Secret> secrets) {
        this.secrets = secrets;
    }

    /** Null when no traces are asked for, or there is a problem. */
    @Nullable
    TracesConfig assemble(Section supervisor) {
        Section traces = supervisor.find(Supervisor.TRACES);
        URI otlp = traces == null ? null : traces.find(Traces.OTLP);
        if (traces == null || otlp == null) {
            return null;
        }
        Map<String, Secret> headers = headers(traces);
        if (!headers.isEmpty() && ControlPlaneUrl.isClear(otlp)) {
            traces.refuse(Traces.OTLP, "must begin with https://, because headersFile has what others must not read",
                    "http is allowed to a loopback address or localhost only");
        }
        headers.values().stream().filter(value -> value.reveal().length() >= SHORTEST_SECRET).forEach(secrets::add);
        return new TracesConfig(otlp, traces.get(Traces.SAMPLE), headers);
    }

    private static Map<String, Secret> headers(Section traces) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        Path file = traces.secretFile(Traces.HEADERS_FILE);
        if (file == null) {
            return headers;
        }
        try {
            List<String> lines = TextFile.read(file, MAX_FILE_BYTES).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    take(line, i + 1, headers);
                }
            }
            if (TextFile.isWorldReadable(file)) {
                traces.warn(Traces.HEADERS_FILE, "everybody on this host can read " + file, "chmod 600 it");
            }
        } catch (Refused e) {
            traces.refuse(Traces.HEADERS_FILE, file + ": " + e.text(), e.hint());
        }
        return headers;
    }

    /** No text holds the line: it may be a secret that stands in the wrong place. */
    private static void take(String line, int number, Map<String, Secret> headers) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon).strip();
        String value = line.substring(colon + 1).strip();
        if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            throw new Refused("line " + number + " is not a header", FORM);
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new Refused("line " + number + ": this header is set by the request itself", "remove it");
        }
        if (headers.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
            throw new Refused("line " + number + ": this header is there already", null);
        }
        if (headers.size() >= MOST_HEADERS) {
            throw new Refused("has more than " + MOST_HEADERS + " headers", null);
        }
        headers.put(name, new Secret(value));
    }
}
