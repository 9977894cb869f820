package dev.coxswain.supervisor.cli;

import dev.coxswain.supervisor.client.Listing;
import picocli.CommandLine.Option;

/** How much of a listing is fetched. */
final class Limit {
    private static final int MOST = 1_000_000;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many; default: ${DEFAULT-VALUE}")
    private int items = 1_000;

    int items() {
        if (items < 1 || items > MOST) {
            throw new CliException("--limit is 1 to " + MOST);
        }
        return items;
    }

    /** What is left out is said. */
    void tell(Listing listing, Output output) {
        if (listing.isCut()) {
            output.note("cox: " + listing.items().size() + " of " + listing.total() + "; --limit fetches more");
        }
    }
}
