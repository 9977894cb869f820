package dev.coxswain.supervisor.cli;

/** What the process ends with (design section 3). */
final class ExitCodes {
    static final int CLEAN = 0;
    static final int UNEXPECTED = 1;
    static final int USAGE = 2;
    static final int CANCELLED = 3;

    private ExitCodes() {}
}
