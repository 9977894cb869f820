package dev.coxswain.supervisor.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.flutter.FlutterConfig;
import dev.coxswain.executors.function.FunctionConfig;
import dev.coxswain.executors.pipeline.PipelineConfig;
import dev.coxswain.supervisor.config.FleetKeys.Pool;
import dev.coxswain.supervisor.controlplane.Secret;

/** Makes a pool's {@code workload}. */
final class WorkloadAssembler {
    /** contract coderunner 9 */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(15);
    /** Anything shorter is no secret; logs are masked from 6 bytes on, since less would make them unreadable. */
    private static final int SHORTEST_MASKED = 4;
    /** The keys that belong to one kind only, by kind. */
    private static final Map<String, List<ConfigKey<?>>> KEYS = Map.of(WorkloadKeys.PIPELINE, WorkloadKeys.OF_PIPELINE,
            WorkloadKeys.RESPONSES, WorkloadKeys.OF_RESPONSES, WorkloadKeys.FLUTTER, WorkloadKeys.OF_FLUTTER,
            WorkloadKeys.FUNCTION,
            WorkloadKeys.OF_FUNCTION);

    private final Reader reader;
    private final Set<Secret> secrets;
    private final ResponsesAssembler responses;

    WorkloadAssembler(Reader reader, Map<String, String> environment, Set<Secret> secrets) {
        this.reader = reader;
        this.secrets = secrets;
        this.responses = new ResponsesAssembler(reader, environment, secrets);
    }

    /**
     * Null when what is written can't be read, which is a problem already.
     *
     * @param executor where its commands run; null when that is not known
     */
    @Nullable
    WorkloadEntry assemble(Section pool, ProtocolRules rules, @Nullable ExecutorEntry executor) {
        Section workload = pool.isWritten(Pool.WORKLOAD) ? pool.find(Pool.WORKLOAD) : pool.below(Pool.WORKLOAD);
        if (workload == null) {
            return null;
        }
        String written = workload.find(WorkloadKeys.KIND);
        String kind = written == null ? rules.kinds().getFirst() : written;
        if (!rules.kinds().contains(kind)) {
            workload.refuse(WorkloadKeys.KIND, kind + " can't do the jobs of " + rules.protocol(),
                    "use " + String.join(" or ", rules.kinds()) + ", or a control plane of protocol "
                            + String.join(" or ", ProtocolRules.doing(kind)));
            return null;
        }
        refuseForeign(workload, kind);
        String elsewhere = elsewhere(executor);
        if (elsewhere != null) {
            refuseElsewhere(pool, kind, elsewhere);
        }
        return switch (kind) {
            case WorkloadKeys.RESPONSES -> responses.assemble(workload);
            case WorkloadKeys.FLUTTER -> flutter(workload);
            case WorkloadKeys.ACTIONS -> actions(workload);
            case WorkloadKeys.FUNCTION -> function(workload);
            default -> pipeline(workload, elsewhere != null);
        };
    }

    /** Where commands run that see no program of this host; null when they run on it. */
    private static @Nullable String elsewhere(@Nullable ExecutorEntry executor) {
        return switch (executor) {
            case ExecutorEntry.ProcessExecutor processes -> null;
            case ExecutorEntry.ContainerExecutor containers -> "containers";
            case ExecutorEntry.KubernetesExecutor pods -> "pods";
            case null -> null;
        };
    }

    /** What needs more of this host than to run commands on it. */
    private static void refuseElsewhere(Section pool, String kind, String where) {
        String why = switch (kind) {
            case WorkloadKeys.FUNCTION -> "it speaks to its processes on a socket of this host";
            case WorkloadKeys.FLUTTER -> "it looks for its tools on this host";
            default -> "";
        };
        if (!why.isEmpty()) {
            pool.refuse(Pool.EXECUTOR, "a workload of kind " + kind + " can't be run in " + where + ": " + why,
                    "give the pool an executor of kind process");
        }
    }

    /** A key of another kind would be without effect. */
    private static void refuseForeign(Section workload, String kind) {
        KEYS.forEach((owner, keys) -> {
            if (!owner.equals(kind)) {
                keys.stream().filter(workload::isWritten).forEach(
                        key -> workload.refuse(key, "is no key of a workload of kind " + kind, null));
            }
        });
    }

    private static WorkloadEntry actions(Section workload) {
        if (workload.isWritten(WorkloadKeys.TIMEOUT)) {
            workload.refuse(WorkloadKeys.TIMEOUT, "is no key of a workload of kind actions",
                    "each job brings its own limit, timeout-minutes");
        }
        return new WorkloadEntry.Actions();
    }

    private static WorkloadEntry function(Section workload) {
        Section warm = workload.below(WorkloadKeys.WARM);
        Duration timeout = workload.isWritten(WorkloadKeys.TIMEOUT)
                ? workload.get(WorkloadKeys.TIMEOUT)
                : FunctionConfig.DEFAULTS.timeout();
        if (timeout.compareTo(LONGEST_CALL) > 0) {
            workload.refuse(WorkloadKeys.TIMEOUT, "is more than 15m, the longest that a caller waits",
                    "what takes longer is a background job: jobTimeout");
        }
        return new WorkloadEntry.Function(new FunctionConfig(timeout, workload.get(WorkloadKeys.JOB_TIMEOUT),
                warm.get(WorkloadKeys.Warm.MAX), warm.get(WorkloadKeys.Warm.IDLE)),
                texts(workload.find(WorkloadKeys.DOTNET)));
    }

    private static WorkloadEntry flutter(Section workload) {
        List<Shapes.Held<String>> platforms = workload.find(WorkloadKeys.PLATFORMS);
        Path androidHome = workload.file(WorkloadKeys.ANDROID_HOME);
        return new WorkloadEntry.Flutter(new FlutterConfig(
                platforms == null ? FlutterConfig.usualPlatforms() : texts(platforms),
                texts(workload.find(WorkloadKeys.TOOLS)),
                workload.isWritten(WorkloadKeys.TIMEOUT)
                        ? workload.get(WorkloadKeys.TIMEOUT)
                        : FlutterConfig.DEFAULT_TIMEOUT,
                androidHome == null ? null : androidHome.toString()));
    }

    private static List<String> texts(@Nullable List<Shapes.Held<String>> written) {
        return written == null ? List.of() : written.stream().map(Shapes.Held::value).toList();
    }

    private WorkloadEntry pipeline(Section workload, boolean elsewhere) {
        if (!workload.isWritten(WorkloadKeys.COMMAND)) {
            reader.problems().error(workload.place(), workload.path(WorkloadKeys.COMMAND), "is missing",
                    WorkloadKeys.COMMAND.meaning().substring("pipeline: ".length()));
        }
        List<String> command = command(workload, elsewhere);
        List<Shapes.Held<String>> passEnv = workload.find(WorkloadKeys.PASS_ENV);
        Map<String, Substitution.Result> variables = workload.find(WorkloadKeys.ENV);
        Map<String, String> env = new LinkedHashMap<>();
        if (variables != null) {
            variables.forEach((name, value) -> {
                env.put(name, value.value());
                value.inserted().forEach(this::mask);
            });
        }
        return new WorkloadEntry.Pipeline(new PipelineConfig(command, workload.get(WorkloadKeys.TIMEOUT),
                texts(passEnv), env));
    }

    /** A secret of several lines (a key in PEM form) is masked as a whole and line by line: logs are read in lines. */
    private void mask(String inserted) {
        if (inserted.strip().length() < SHORTEST_MASKED) {
            return;
        }
        secrets.add(new Secret(inserted));
        List<String> lines = inserted.lines().map(String::strip).toList();
        if (lines.size() > 1) {
            lines.stream().filter(line -> line.length() >= 2 * SHORTEST_MASKED).map(Secret::new).forEach(secrets::add);
        }
    }

    private List<String> command(Section workload, boolean elsewhere) {
        List<Shapes.Held<String>> written = workload.find(WorkloadKeys.COMMAND);
        if (written == null) {
            return List.of();
        }
        if (workload.anyWritten(WorkloadKeys.COMMAND, text -> text.contains("${file:"))) {
            workload.refuse(WorkloadKeys.COMMAND, "holds a ${file:…}, and everybody on this host can see arguments",
                    "put it in workload.env");
        }
        List<String> command = new ArrayList<>(written.stream().map(Shapes.Held::value).toList());
        if (command.isEmpty()) {
            if (!workload.anyWritten(WorkloadKeys.COMMAND, text -> true)) {
                workload.refuse(WorkloadKeys.COMMAND, "names no program", "write [ /path/to/program, argument ]");
            }
            return command;
        }
        Shapes.Held<String> program = written.get(0);
        if (program.value().isBlank()) {
            reader.problems().error(program.place(), program.path(), "must not be empty", null);
        } else if (program.value().contains("/") && !elsewhere) {
            command.set(0, program(program));
        }
        return command;
    }

    private String program(Shapes.Held<String> program) {
        try {
            Path file = reader.folder().resolve(program.value()).normalize();
            if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
                reader.problems().warn(program.place(), program.path(), "is not a program that can be run on this host",
                        "looked for " + file);
            }
            return file.toString();
        } catch (InvalidPathException e) {
            reader.problems().error(program.place(), program.path(), "is not a file name", null);
            return program.value();
        }
    }
}
