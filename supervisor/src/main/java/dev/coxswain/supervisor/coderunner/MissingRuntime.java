package dev.coxswain.supervisor.coderunner;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.function.Language;
import dev.coxswain.executors.function.Runtimes;

/** Why a language can't be run here, as strangers may know it: how this host is set up is not their business. */
final class MissingRuntime {
    private static final Pattern WHERE = Pattern.compile("\\s*\\(.*", Pattern.DOTALL);

    private MissingRuntime() {}

    /** The reason without what stands in brackets (folders, outputs); null when it can be run. */
    static @Nullable String of(Runtimes runtimes, Language language) {
        String why = runtimes.missing().get(language);
        return why == null ? null : WHERE.matcher(why).replaceFirst("");
    }
}
