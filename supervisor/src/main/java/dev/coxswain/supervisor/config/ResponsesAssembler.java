package dev.coxswain.supervisor.config;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.responses.Prices;
import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.supervisor.config.WorkloadKeys.ModelPrices;
import dev.coxswain.supervisor.controlplane.Loopback;
import dev.coxswain.supervisor.controlplane.Secret;

/**
 * Makes a {@code workload} of kind {@code responses}. What the file does not say comes from the variables of the official
 * Xenonflare worker, where a blank one counts as not set (contract xenonflare-workspace 11).
 */
final class ResponsesAssembler {
    private static final String ENV_MODEL = "OPENAI_MODEL";
    private static final String ENV_SUMMARY_MODEL = "OPENAI_SUMMARY_MODEL";
    private static final String ENV_BASE_URL = "OPENAI_BASE_URL";
    private static final String ENV_API_KEY = "OPENAI_API_KEY";

    private final Reader reader;
    private final Map<String, String> environment;
    private final Set<Secret> secrets;

    ResponsesAssembler(Reader reader, Map<String, String> environment, Set<Secret> secrets) {
        this.reader = reader;
        this.environment = environment;
        this.secrets = secrets;
    }

    WorkloadEntry assemble(Section workload) {
        URI baseUrl = baseUrl(workload);
        String apiKey = apiKey(workload);
        if (apiKey != null) {
            secrets.add(new Secret(apiKey));
        }
        checkAddress(workload, baseUrl, apiKey);
        return new WorkloadEntry.Responses(new ResponsesConfig(
                model(workload, WorkloadKeys.MODEL, ENV_MODEL),
                model(workload, WorkloadKeys.SUMMARY_MODEL, ENV_SUMMARY_MODEL),
                baseUrl, apiKey, workload.get(WorkloadKeys.PARALLEL), workload.get(WorkloadKeys.CALL_TIMEOUT),
                workload.get(WorkloadKeys.TIMEOUT), prices(workload, WorkloadKeys.PRICES),
                prices(workload, WorkloadKeys.SUMMARY_PRICES)));
    }

    private String model(Section workload, ConfigKey<String> key, String variable) {
        String written = workload.find(key);
        return written != null
                ? written
                : Objects.requireNonNullElse(fromEnvironment(variable), ResponsesConfig.DEFAULT_MODEL);
    }

    private URI baseUrl(Section workload) {
        URI written = workload.find(WorkloadKeys.BASE_URL);
        String variable = fromEnvironment(ENV_BASE_URL);
        if (written != null || workload.isWritten(WorkloadKeys.BASE_URL) || variable == null) {
            return written != null ? written : ResponsesConfig.DEFAULT_BASE_URL;
        }
        try {
            return Values.url(variable);
        } catch (Refused e) {
            workload.refuse(WorkloadKeys.BASE_URL, ENV_BASE_URL + " in the environment: " + e.text(), e.hint());
            return ResponsesConfig.DEFAULT_BASE_URL;
        }
    }

    private @Nullable String apiKey(Section workload) {
        if (workload.isWritten(WorkloadKeys.API_KEY)) {
            if (workload.anyWritten(WorkloadKeys.API_KEY, text -> !text.contains("${")) && reader.isWorldReadable()) {
                workload.warn(WorkloadKeys.API_KEY, "everybody on this host can read this file",
                        "chmod 600 it, or write \"${" + ENV_API_KEY + "}\"");
            }
            return workload.find(WorkloadKeys.API_KEY);
        }
        String variable = fromEnvironment(ENV_API_KEY);
        if (variable == null) {
            return null;
        }
        try {
            return Values.secret(variable);
        } catch (Refused e) {
            workload.refuse(WorkloadKeys.API_KEY, ENV_API_KEY + " in the environment: " + e.text(), e.hint());
            return null;
        }
    }

    private static void checkAddress(Section workload, URI baseUrl, @Nullable String apiKey) {
        boolean asked = apiKey != null || workload.isWritten(WorkloadKeys.API_KEY);
        if (!asked && baseUrl.equals(ResponsesConfig.DEFAULT_BASE_URL)) {
            workload.refuse(WorkloadKeys.API_KEY, "is missing, and " + baseUrl.getHost() + " needs one",
                    "write \"${" + ENV_API_KEY + "}\", or name another server in baseUrl");
        }
        boolean clear = "http".equals(baseUrl.getScheme().toLowerCase(Locale.ROOT))
                && !Loopback.isHost(baseUrl.getHost());
        if (clear && asked) {
            workload.refuse(WorkloadKeys.BASE_URL, "must begin with https://, because the API key goes there",
                    "http with a key is allowed to a loopback address or localhost only");
        } else if (clear) {
            workload.warn(WorkloadKeys.BASE_URL, "is not encrypted, and conversations go there", "use https://");
        }
    }

    private static Prices prices(Section workload, ConfigKey<Section> key) {
        Section prices = workload.find(key);
        if (prices == null) {
            return Prices.NONE;
        }
        Double input = prices.find(ModelPrices.INPUT);
        Double cached = prices.find(ModelPrices.CACHED_INPUT);
        Double output = prices.find(ModelPrices.OUTPUT);
        if (input == null || output == null) {
            return Prices.NONE; // a problem already
        }
        return new Prices(input, cached == null ? input : cached, output);
    }

    private @Nullable String fromEnvironment(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
