package dev.coxswain.executors.function;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What this host can run, looked up once.
 *
 * @param found the programs
 * @param missing of each language that can't be run, why, for people
 */
public record Runtimes(Map<Language, LanguageRuntime> found, Map<Language, String> missing) {
    public Runtimes {
        found = Map.copyOf(found);
        missing = Map.copyOf(missing);
    }

    /** Looks in the PATH of {@code environment} for {@code node}, {@code python3} and {@code dotnet script}. Blocks. */
    public static Runtimes look(Map<String, String> environment) {
        return look(environment, Map.of());
    }

    /**
     * The same with other programs.
     *
     * @param commands for a language program and first arguments, in place of the usual ones
     */
    public static Runtimes look(Map<String, String> environment, Map<Language, List<String>> commands) {
        Map<Language, LanguageRuntime> found = new EnumMap<>(Language.class);
        Map<Language, String> missing = new EnumMap<>(Language.class);
        RuntimeSearch search = new RuntimeSearch(environment);
        for (Language language : Language.values()) {
            switch (search.look(language, commands.get(language))) {
                case RuntimeSearch.Found(LanguageRuntime runtime) -> found.put(language, runtime);
                case RuntimeSearch.Missing(String why) -> missing.put(language, why);
            }
        }
        return new Runtimes(found, missing);
    }
}
