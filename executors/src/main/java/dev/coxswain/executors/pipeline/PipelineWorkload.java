package dev.coxswain.executors.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.Command;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs one configured command for each job (design section 6, contract xenonflare-studio 9). The command runs in the
 * workspace and finds the job in {@code COX_JOB_FILE}, its id in {@code COX_JOB_ID} and the folder for what it leaves in
 * {@code COX_OUTPUT_DIR}; these three can't be overridden by the configuration. Its standard output and error are the log.
 * <p>
 * Exit code 0 and a {@code result.json} in the output folder (one JSON object, UTF-8, at most 8 MiB) is a success; every
 * other exit code is a failure that is told with the last line of standard error.
 * <p>
 * The program of the command is used as given, and a process is started in the workspace: a relative path with a slash
 * would be looked for there, so the configuration makes it absolute beforehand.
 */
public final class PipelineWorkload implements Workload {
    /** Where the job document lies, relative to the workspace. */
    static final String JOB_FILE = "job.json";
    /** Where the context and the prompt made of it lie, for jobs that have a briefing. */
    static final String CONTEXT_FILE = "context.json";
    static final String PROMPT_FILE = "prompt.txt";
    /** Where the command leaves its files, relative to the workspace; the {@code filesRoot} of a success. */
    static final String OUTPUT_FOLDER = "output";

    private final PipelineConfig config;
    private final Map<String, String> environment;
    private final ResultFile resultFile;
    private final SummaryFile summaryFile;

    /**
     * @param hostEnvironment the supervisor's own variables; only those named in {@link PipelineConfig#passEnv()} are kept,
     *        a name that is not set is left out
     */
    public PipelineWorkload(PipelineConfig config, Map<String, String> hostEnvironment, JsonMapper mapper) {
        if (config.command().isEmpty() || config.command().getFirst().isEmpty()) {
            throw new IllegalArgumentException("workload.command needs a program");
        }
        this.config = config;
        this.environment = environment(config, hostEnvironment);
        this.resultFile = new ResultFile(mapper);
        this.summaryFile = new SummaryFile(mapper);
    }

    /**
     * Emits {@link ExecutionEvent.StepStarted} when the process runs, its output as it is demanded,
     * {@link ExecutionEvent.StepEnded} and the end. Fails with a {@link dev.coxswain.executors.WorkspaceException} when the
     * job file can't be written or the command can't be started. Cancelling is safe at any moment and stops the command.
     */
    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        return Flux.defer(() -> {
            PipelineRun run = new PipelineRun(config, resultFile, summaryFile);
            return Flux.concat(prepare(job, workspace).then(Mono.empty()),
                    workspace.run(command(job, workspace)).map(run::translate),
                    Flux.defer(() -> run.end(job, workspace)));
        });
    }

    private static Mono<Void> prepare(Job job, Workspace workspace) {
        Mono<Void> files = workspace.write(JOB_FILE, utf8(job.document()))
                .then(workspace.folder(OUTPUT_FOLDER));
        Briefing told = job.briefing();
        return told == null
                ? files
                : files.then(workspace.write(CONTEXT_FILE, utf8(told.context())))
                        .then(workspace.write(PROMPT_FILE, utf8(told.prompt(told.earlier()))));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Command command(Job job, Workspace workspace) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("COX_JOB_ID", job.id());
        variables.put("COX_JOB_FILE", workspace.pathOf(JOB_FILE));
        variables.put("COX_OUTPUT_DIR", workspace.pathOf(OUTPUT_FOLDER));
        if (job.briefing() != null) {
            variables.put("COX_CONTEXT_FILE", workspace.pathOf(CONTEXT_FILE));
            variables.put("COX_PROMPT_FILE", workspace.pathOf(PROMPT_FILE));
        }
        return new Command(config.command(), variables, "", config.timeout(), Command.DEFAULT_GRACE);
    }

    private static Map<String, String> environment(PipelineConfig config, Map<String, String> hostEnvironment) {
        Map<String, String> variables = new HashMap<>();
        for (String name : config.passEnv()) {
            String value = hostEnvironment.get(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        variables.putAll(config.env());
        return Map.copyOf(variables);
    }
}
