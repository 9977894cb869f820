package dev.coxswain.supervisor.controlplane.coderunner;

/**
 * One line that user code wrote, or a remark of ours about its log.
 *
 * @param stream {@code stdout}, {@code stderr} or {@code system}
 * @param text without its line end; at most {@value #MOST_BYTES} bytes as it was written
 */
public record LogLine(String stream, String text) {
    /** A longer line is cut into several. */
    public static final int MOST_BYTES = 16 << 10;
}
