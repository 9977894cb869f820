package dev.coxswain.executors;

/**
 * What a control plane tells about a job besides the lease answer, for jobs that answer a conversation.
 *
 * @param context as it was delivered, a JSON text
 * @param promptBefore the prompt up to the earlier context; the whole prompt when there is none
 * @param earlier the earlier context; empty when there is none
 * @param promptAfter the prompt after the earlier context
 * @param summaryWanted whether the earlier context is too long for the control plane's liking: whoever can makes a summary
 *        of it, uses that in its place, and tells it ({@link ExecutionEvent.Summarised})
 */
public record Briefing(String context, String promptBefore, String earlier, String promptAfter,
        boolean summaryWanted) {
    /** The prompt with this in place of the earlier context. */
    public String prompt(String instead) {
        return promptBefore + instead + promptAfter;
    }

    /** Says nothing of the conversation: it is the user's. */
    @Override
    public String toString() {
        return "Briefing[characters=" + (promptBefore.length() + earlier.length() + promptAfter.length())
                + ", summaryWanted=" + summaryWanted + "]";
    }
}
