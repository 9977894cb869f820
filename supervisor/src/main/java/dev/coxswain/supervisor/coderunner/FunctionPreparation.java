package dev.coxswain.supervisor.coderunner;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.function.FunctionCode;
import dev.coxswain.executors.function.FunctionCodeException;
import dev.coxswain.executors.function.Language;
import dev.coxswain.executors.function.Runtimes;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Prepares by the rules of the workload that will run the code; commands run in a workspace of the executor. */
final class FunctionPreparation implements Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionPreparation.class);
    private static final int LONGEST_TAIL = 400;

    private final Executor executor;
    private final Map<String, String> environment;
    private final Runtimes runtimes;
    private final Scheduler files;

    /** @param environment what installers see besides their own */
    FunctionPreparation(Executor executor, Map<String, String> environment, Runtimes runtimes, Scheduler files) {
        this.executor = executor;
        this.environment = environment;
        this.runtimes = runtimes;
        this.files = files;
    }

    @Override
    public Mono<String> prepare(String key, Path code, LanguageType type) {
        Language language = Objects.requireNonNull(Language.of(type.number()));
        String missing = MissingRuntime.of(runtimes, language);
        if (missing != null) {
            return Mono.error(() -> new PreparationException(type.label() + " can't be run here: " + missing));
        }
        return Mono.fromCallable(() -> plan(code, language)).subscribeOn(files)
                .flatMap(plan -> plan.command == null
                        ? Mono.just(plan.entry)
                        : installed(key, plan.command).thenReturn(plan.entry));
    }

    private static Plan plan(Path code, Language language) {
        try {
            FunctionCode.EntryPoint entry = FunctionCode.find(code, language);
            return new Plan(entry.file(), FunctionCode.preparation(code, language, entry));
        } catch (FunctionCodeException e) {
            throw new PreparationException(String.valueOf(e.getMessage()));
        }
    }

    private Mono<Void> installed(String key, Command command) {
        return Mono.usingWhen(executor.open(key), workspace -> run(workspace, reaching(command)), Workspace::close);
    }

    /** What the command sets itself wins. */
    private Command reaching(Command command) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(command.environment());
        return new Command(command.argv(), all, command.directory(), command.timeout(), command.grace());
    }

    private static Mono<Void> run(Workspace workspace, Command command) {
        StringBuilder tail = new StringBuilder();
        return workspace.run(command).concatMap(event -> switch (event) {
            case CommandEvent.Started started -> Mono.<Void>empty();
            case CommandEvent.Output(var stream, var bytes) -> Mono.<Void>fromRunnable(() -> keep(tail, bytes));
            case CommandEvent.Exited(var exit, var timedOut, var outOfMemory) -> exit == 0 && !timedOut
                    ? Mono.<Void>empty()
                    : Mono.<Void>error(failed(exit, timedOut, tail.toString()));
        }, 1).then().onErrorMap(WorkspaceException.class, e -> {
            LOG.warn("dependencies not installed", e);
            return new PreparationException("its dependencies could not be installed: the installer did not start");
        });
    }

    private static void keep(StringBuilder tail, byte[] bytes) {
        tail.append(new String(bytes, StandardCharsets.UTF_8));
        if (tail.length() > 8 * LONGEST_TAIL) {
            tail.delete(0, tail.length() - 8 * LONGEST_TAIL);
        }
    }

    private static PreparationException failed(int exit, boolean timedOut, String output) {
        // npm ends with where its own log is: the lines that say "error" tell more
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        List<String> errors = lines.stream().filter(line -> line.toLowerCase(Locale.ROOT).contains("err")).toList();
        String told = String.join(" | ", errors.isEmpty() ? lines : errors).replaceAll("\\p{Cntrl}", " ");
        return new PreparationException("its dependencies could not be installed ("
                + (timedOut ? "out of time" : "exit code " + exit) + "): "
                + (told.length() > LONGEST_TAIL ? told.substring(0, LONGEST_TAIL) + "…" : told));
    }

    private record Plan(String entry, @Nullable Command command) {}
}
