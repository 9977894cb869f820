package dev.coxswain.supervisor.coderunner;

import java.util.Locale;

/** What made an execution begin. */
enum Trigger {
    /** a request to a function's URL */
    HTTP,
    /** a call of run/onetime */
    MANUAL,
    /** its cron expression */
    SCHEDULE,
    /** a deployment that keeps it running */
    DEPLOYMENT;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Trigger of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
