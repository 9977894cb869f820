package dev.coxswain.executors.yaml;

/** A text that is no YAML, or none that is allowed. The message names the file and the line, and is for the job's owner. */
public final class YamlRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    YamlRefusedException(String message) {
        super(message, null, false, false);
    }
}
