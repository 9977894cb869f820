package dev.coxswain.executors.function;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs versions of a Coderunner (contract coderunner 7 and 8): a function is called in a process that is kept for its next
 * call, a job runs once, a service until it is stopped. The job's document is what the adapter of the control plane makes
 * of an execution; the document of a success is {@code {"result": any JSON, "exitCode": number or null}}, and has
 * {@code "truncated": true} when the result is the beginning of a text only. A failure's message begins with its reason in
 * brackets: {@code OutOfMemory}, {@code HandlerError}, {@code Exit}, {@code NoRuntime}, and {@code Timeout} when the time was
 * over.
 */
public final class FunctionWorkload implements Workload, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FunctionWorkload.class);
    private static final Duration QUIET = Duration.ZERO;
    private static final Duration LAST = Duration.ofSeconds(2);

    private final FunctionConfig config;
    private final Runtimes runtimes;
    private final FunctionTools tools;
    private final WarmPool pool;

    /**
     * What the processes of functions do.
     *
     * @param processes of functions, those that are in a call and those that are being ended included
     * @param idle of those, the ones that wait for a call
     * @param reuses calls that needed no new process
     * @param droppedBytes what processes wrote while no call ran; nobody's log has it
     */
    public record Stats(int processes, int idle, long reuses, long droppedBytes) {}

    /**
     * Makes the workload of a pool. It has one thread of its own, for the channels to its processes.
     *
     * @param executor opens the workspaces of warm processes; not closed by {@link #close()}
     * @param files bounded; makes links for channels
     * @param timer for time limits, looks at the memory and idle expiry
     * @param meters hears of calls
     */
    public FunctionWorkload(FunctionConfig config, Runtimes runtimes, Executor executor, JsonMapper mapper,
            Scheduler files, Scheduler timer, FunctionMeters meters) {
        this.config = config;
        this.runtimes = runtimes;
        SplittableRandom random = new SplittableRandom(System.nanoTime());
        this.tools = new FunctionTools(mapper,
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("cox-functions", true),
                        NioIoHandler.newFactory()),
                files, timer, () -> {
                    synchronized (random) {
                        return random.nextLong();
                    }
                }, new LongAdder(), meters);
        this.pool = new WarmPool(tools, executor, config.warmMax(), config.warmIdle());
    }

    /**
     * Emits the output of the user's code, and the end. Fails with a {@link dev.coxswain.executors.WorkspaceException} when
     * a process can't be started. Cancelling is safe at any moment and kills what runs.
     */
    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        return Flux.defer(() -> {
            FunctionJob read = FunctionJob.read(tools.mapper(), job.document(), config);
            LanguageRuntime runtime = runtimes.found().get(read.language());
            if (runtime == null) {
                return failed(Reason.NO_RUNTIME.message(runtimes.missing().getOrDefault(read.language(),
                        "this host can't run " + read.language().label())));
            }
            return read.kind() == FunctionJob.Kind.FUNCTION && Starts.hasChannel(read) && config.warmMax() > 0
                    ? called(read, pool.acquire(read, runtime)).onErrorResume(NotTakenException.class,
                            e -> called(read, pool.fresh(read, runtime)))
                    : cold(read, runtime, workspace);
        }).onErrorResume(FunctionJob.InvalidException.class, e -> failed(String.valueOf(e.getMessage())));
    }

    private static Flux<ExecutionEvent> failed(String message) {
        return Flux.just(new ExecutionEvent.Ended(new JobResult.Failed(message)));
    }

    private static Flux<ExecutionEvent> called(FunctionJob job, Mono<Borrowed> process) {
        return Flux.usingWhen(process, borrowed -> borrowed.process().call(job, borrowed.giveBack()),
                Borrowed::giveBack);
    }

    /** In the job's own workspace, whose owner closes it; what the code left behind is dead before the end is told. */
    private Flux<ExecutionEvent> cold(FunctionJob job, LanguageRuntime runtime, Workspace workspace) {
        return Flux.using(() -> {
            tools.meters().called(false);
            return new FunctionProcess(tools, runtime, workspace, () -> {});
        },
                process -> process.call(job, Mono.defer(() -> workspace.stop(Workspace.Stop.KILL))),
                FunctionProcess::kill);
    }

    /** What its processes do now. */
    public Stats stats() {
        return pool.stats();
    }

    /** Ends all warm processes; completes when they are dead and their folders are gone. Safe to repeat. */
    public Mono<Void> end() {
        return pool.close().doFinally(how -> tools.sockets()
                .shutdownGracefully(QUIET.toMillis(), LAST.toMillis(), TimeUnit.MILLISECONDS)
                .addListener(ended -> log.debug("the channels are closed")));
    }

    /** The same without waiting for it. */
    @Override
    public void close() {
        end().subscribe(none -> {}, e -> log.error("warm processes can't be ended", e));
    }
}
