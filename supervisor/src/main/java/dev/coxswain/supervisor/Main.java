package dev.coxswain.supervisor;

import dev.coxswain.supervisor.cli.Cox;

/** The process: runs one command and ends with its exit code. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Cox.run(args));
    }
}
