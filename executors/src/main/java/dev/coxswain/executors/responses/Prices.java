package dev.coxswain.executors.responses;

/**
 * What a model's tokens cost, in one currency of the reader's choice.
 *
 * @param input price of a million tokens that go in
 * @param cachedInput price of a million tokens of those that the model server had in its cache
 * @param output price of a million tokens that come out
 */
public record Prices(double input, double cachedInput, double output) {
    /** Costs nothing: what holds when no prices are configured. */
    public static final Prices NONE = new Prices(0, 0, 0);

    private static final double UNIT = 1e6;

    /** What these tokens cost. */
    double of(TokenUsage used) {
        return ((used.input() - used.cached()) * input + used.cached() * cachedInput + used.output() * output) / UNIT;
    }
}
