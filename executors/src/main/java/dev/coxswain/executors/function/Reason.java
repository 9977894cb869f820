package dev.coxswain.executors.function;

/** Why an execution failed, as the word at the beginning of its message. */
enum Reason {
    /** It held more memory than it may. */
    OUT_OF_MEMORY("OutOfMemory"),
    /** Its time was over. */
    TIMEOUT("Timeout"),
    /** The code threw. */
    HANDLER_ERROR("HandlerError"),
    /** The process ended, and should not have. */
    EXIT("Exit"),
    /** This host can't run its language. */
    NO_RUNTIME("NoRuntime");

    private final String word;

    Reason(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    /** A whole message. */
    String message(String text) {
        return "[" + word + "] " + text;
    }
}
