package dev.coxswain.supervisor.coderunner;

/** Which part of a list; {@code number} from 1 (contract section 4). */
record Page(int number, int size) {
    static final int DEFAULT_SIZE = 100;
    static final int MOST = 500;

    long offset() {
        return (number - 1L) * size;
    }
}
