package dev.coxswain.supervisor;

import java.util.Objects;

/** The version of this build, as its jar says; {@code dev} outside of a jar. */
public final class Version {
    private Version() {}

    public static String current() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "dev");
    }
}
