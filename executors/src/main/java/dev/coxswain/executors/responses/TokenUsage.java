package dev.coxswain.executors.responses;

/**
 * Tokens of one model call, as the model server tells them.
 *
 * @param input what went in, with those from the cache
 * @param cached how many of these came from the cache
 * @param output what came out
 */
public record TokenUsage(long input, long cached, long output) {
    static final TokenUsage UNKNOWN = new TokenUsage(0, 0, 0);

    public TokenUsage {
        input = Math.max(0, input);
        cached = Math.clamp(cached, 0, input);
        output = Math.max(0, output);
    }
}
