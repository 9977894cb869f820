package dev.coxswain.supervisor;

/** The process: runs one command and ends with its exit code. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(2);
    }
}
