package dev.coxswain.executors.responses;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * {@code workload: {kind: responses, …}} of a pool.
 *
 * @param model answers the job; default {@value #DEFAULT_MODEL}
 * @param summaryModel shortens an earlier context that is too long; default {@value #DEFAULT_MODEL}
 * @param baseUrl the model server, without a trailing slash; {@code /responses} is appended
 * @param apiKey what it is asked with; null for a server that wants none
 * @param parallel requests at once, of all jobs of the workload; default {@value #DEFAULT_PARALLEL}
 * @param callTimeout time limit of one request, to its whole answer; default 10 min
 * @param timeout time limit of a whole job; default 30 min
 * @param prices of {@code model}
 * @param summaryPrices of {@code summaryModel}
 */
public record ResponsesConfig(String model, String summaryModel, URI baseUrl, @Nullable String apiKey, int parallel,
        Duration callTimeout, Duration timeout, Prices prices, Prices summaryPrices) {
    /** Both models when none is configured (contract xenonflare-workspace 11). */
    public static final String DEFAULT_MODEL = "gpt-5-mini";
    /** {@code baseUrl} when none is configured: the vendor's. */
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.openai.com/v1");
    /** {@code parallel} when none is configured. */
    public static final int DEFAULT_PARALLEL = 8;
    /** {@code callTimeout} when none is configured. */
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofMinutes(10);
    /** {@code timeout} when none is configured. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

    /** Never prints the key. */
    @Override
    public String toString() {
        return "ResponsesConfig[model=" + model + ", summaryModel=" + summaryModel + ", baseUrl=" + baseUrl
                + ", apiKey=" + (apiKey == null ? "none" : "***") + ", parallel=" + parallel + ", callTimeout="
                + callTimeout + ", timeout=" + timeout + ", prices=" + prices + ", summaryPrices=" + summaryPrices
                + "]";
    }
}
