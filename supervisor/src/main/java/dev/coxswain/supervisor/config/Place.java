package dev.coxswain.supervisor.config;

/**
 * Where something is written.
 *
 * @param file the file as the user named it
 * @param line from 1; 0 for the file as a whole
 * @param column from 1; 0 when only the line is known
 */
record Place(String file, int line, int column) {
    /** {@code tokens:7}: short enough to be named inside a message. */
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
