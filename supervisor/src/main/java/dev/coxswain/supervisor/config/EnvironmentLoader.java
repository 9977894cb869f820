package dev.coxswain.supervisor.config;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Makes a configuration out of the official Xenonflare worker's environment and the {@code .env} file of the current
 * folder: one control plane, one pool, one runner for each token. It goes through the same checks as {@code fleet.yaml};
 * what is wrong is told by the variable's name.
 */
public final class EnvironmentLoader {
    private static final String FILE = ".env";
    /** Three parts of which the first is a JSON object: what management calls take, and no runner's key. */
    private static final Pattern ID_TOKEN = Pattern.compile("eyJ[\\w-]*\\.[\\w-]+\\.[\\w-]+");

    /** Which variable a key of the file stands for, and what replaces the hint that speaks of a file. */
    private record Name(String key, String variable, @Nullable String hint) {}

    private static final List<Name> NAMES = List.of(
            new Name("controlPlanes." + EnvironmentDocument.NAME + ".url", OfficialVariables.BASE, null),
            new Name("controlPlanes." + EnvironmentDocument.NAME + ".poll", OfficialVariables.POLL, null),
            new Name("pools[0].credentials", OfficialVariables.TOKEN,
                    "separate several keys by commas or blanks, each of them once"),
            new Name("pools[0].workload.apiKey", OfficialVariables.API_KEY,
                    "set it, or name a model server that needs none in " + OfficialVariables.BASE_URL),
            new Name("pools[0].workload.baseUrl", OfficialVariables.BASE_URL, null),
            new Name("pools[0].workload.model", OfficialVariables.MODEL, null),
            new Name("pools[0].workload.summaryModel", OfficialVariables.SUMMARY_MODEL, null),
            new Name("supervisor.admin.listen", OfficialVariables.ADMIN_LISTEN,
                    "use a loopback address; only fleet.yaml can name a token for it"),
            new Name("supervisor.metrics.listen", OfficialVariables.METRICS_LISTEN, null),
            new Name("supervisor.traces", OfficialVariables.OTLP, null));

    private final Path currentFolder;
    private final Supplier<String> hostName;

    /** For the JVM's current folder and this host's name. */
    public EnvironmentLoader() {
        this(Path.of(""), FleetFileLoader::hostName);
    }

    EnvironmentLoader(Path currentFolder, Supplier<String> hostName) {
        this.currentFolder = currentFolder.toAbsolutePath().normalize();
        this.hostName = hostName;
    }

    /**
     * Reads and checks. Blocks on the disk.
     *
     * @param environment wins over {@code .env}
     * @throws ConfigException with all problems; no message holds a value
     */
    public EnvironmentRun load(Map<String, String> environment) {
        Problems problems = new Problems();
        OfficialVariables variables = new OfficialVariables(environment, file(problems), FILE);
        if (problems.isEmpty()) {
            checkTokens(variables, problems);
        }
        problems.throwIfAny(FILE);
        Reader reader = new Reader(OfficialVariables.ENVIRONMENT, currentFolder, problems,
                new Substitution(variables.values(), currentFolder));
        Section root = Section.open(reader, FleetKeys.Root.ALL, new EnvironmentDocument(variables).root(), "");
        FleetFile fleet = root == null
                ? null
                : new FleetAssembler(reader, root, variables.values(), currentFolder, hostName).assemble();
        try {
            problems.throwIfAny(FILE);
        } catch (ConfigException e) {
            throw new ConfigException(inVariables(e.problems()));
        }
        if (fleet == null) {
            throw new IllegalStateException("an environment was refused without a problem");
        }
        return new EnvironmentRun(fleet, variables.limits());
    }

    private Map<String, DotEnv.Variable> file(Problems problems) {
        Path file = currentFolder.resolve(FILE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Map.of();
        }
        try {
            Map<String, DotEnv.Variable> written = DotEnv.parse(FILE, TextFile.read(file, DotEnv.MAX_FILE_BYTES),
                    problems);
            if (TextFile.isWorldReadable(file) && OfficialVariables.SECRETS.stream().anyMatch(written::containsKey)) {
                problems.warn(new Place(FILE, 0, 0), "", "everybody on this host can read this file", "chmod 600 it");
            }
            return written;
        } catch (Refused e) {
            problems.error(new Place(FILE, 0, 0), "", e.text(), e.hint());
            return Map.of();
        }
    }

    private static void checkTokens(OfficialVariables variables, Problems problems) {
        Place place = variables.place(OfficialVariables.TOKEN);
        if (variables.tokens().isEmpty()) {
            problems.error(place, OfficialVariables.TOKEN, "is not set",
                    "put the runner's key into it, here or in " + FILE + "; cox register xenonflare makes one");
        } else if (variables.tokens().stream().anyMatch(token -> ID_TOKEN.matcher(token).matches())) {
            problems.error(place, OfficialVariables.TOKEN, "holds a Firebase ID token, and jobs are leased with a "
                    + "runner's key", "cox register xenonflare makes one");
        }
    }

    /** The problems by the variables' names; one variable may stand in several keys. */
    private static List<Problem> inVariables(List<Problem> problems) {
        LinkedHashSet<Problem> all = new LinkedHashSet<>();
        for (Problem problem : problems) {
            all.add(NAMES.stream().filter(name -> problem.key().startsWith(name.key())).findFirst()
                    .map(name -> new Problem(problem.file(), problem.line(), 0, name.variable(), problem.message(),
                            problem.hint() == null || name.hint() == null ? problem.hint() : name.hint()))
                    .orElse(problem));
        }
        return new ArrayList<>(all);
    }
}
