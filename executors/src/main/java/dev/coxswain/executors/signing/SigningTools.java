package dev.coxswain.executors.signing;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The programs of this host that can sign.
 *
 * @param apks null when there is none
 * @param jars absolute path of {@code jarsigner}; null when there is none
 * @param javaHome of the Java that the programs are to run on; null for whatever is in PATH
 * @param lookedFor what was looked for and where, for people
 */
record SigningTools(@Nullable BuildTools apks, @Nullable Path jars, @Nullable Path javaHome, String lookedFor) {
    /**
     * From one folder of Android's build tools.
     *
     * @param zipalign null when it is not there
     */
    record BuildTools(Path apksigner, @Nullable Path zipalign, ToolVersion version) {
        /** Pages of 16 KiB, which newer devices have, are known to 35 and later. */
        boolean knowsLargePages() {
            return version.major() >= 35;
        }
    }
}
