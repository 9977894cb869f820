package dev.coxswain.executors.responses;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers a job's conversation by a language model with tools, over the OpenAI Responses API or a server that is compatible
 * with it (contract xenonflare-workspace 4 to 7). Nothing runs in the workspace and nothing is written there; the API key
 * goes into the requests to the model server and nowhere else.
 * <p>
 * A success's document is the body of the final report without {@code workspaceId}, and names no files.
 */
public final class ResponsesWorkload implements Workload {
    private final ResponsesConfig config;
    private final Scheduler scheduler;
    private final JsonMapper mapper;
    private final ModelCalls calls;
    private final RequestBodies bodies;
    private final AtomicBoolean forgetful = new AtomicBoolean();

    /**
     * @param client its connect time limit holds; its others are replaced
     * @param scheduler where answers are read and time is measured; nothing blocks there
     * @param random uniform in [0, 1), for the jitter of pauses
     * @param nanos a monotonic clock
     */
    public ResponsesWorkload(ResponsesConfig config, HttpClient client, JsonMapper mapper, Scheduler scheduler,
            DoubleSupplier random, LongSupplier nanos, ModelMeters meters) {
        this.config = config;
        this.scheduler = scheduler;
        this.mapper = mapper;
        this.bodies = new RequestBodies(mapper, config);
        this.calls = new ModelCalls(new ModelClient(client, config, new ReplyReader(mapper), scheduler),
                new CallGate(config.parallel(), meters), meters, scheduler, random, nanos);
    }

    /**
     * Emits log lines (steps, sizes and times, nothing of the conversation), {@link ExecutionEvent.Summarised} when a
     * summary was wanted, and the end: failed with a line for the user when the model gives no valid answer, timed out when
     * the job's time limit is over. Never fails for what the model server does. Cancelling is safe at any moment and closes
     * the connection at once.
     */
    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        Briefing told = job.briefing();
        if (told == null) {
            return Flux.just(new ExecutionEvent.Ended(
                    new JobResult.Failed("the control plane tells no conversation that a model could answer")));
        }
        return Flux.defer(() -> {
            AtomicBoolean ended = new AtomicBoolean();
            return conversation(told).doOnNext(event -> {
                if (event instanceof ExecutionEvent.Ended) {
                    ended.set(true);
                }
            }).takeUntilOther(Mono.delay(config.timeout(), scheduler))
                    .concatWith(Mono.defer(() -> ended.get() ? Mono.empty() : Mono.just(tooLate())));
        });
    }

    private Flux<ExecutionEvent> conversation(Briefing told) {
        if (!told.summaryWanted()) {
            return answer(told.prompt(told.earlier()));
        }
        AtomicReference<@Nullable String> summary = new AtomicReference<>();
        return Flux.concat(new Summary(calls, bodies, config.summaryPrices()).of(told.earlier()).doOnNext(event -> {
            if (event instanceof ExecutionEvent.Summarised(var text)) {
                summary.set(text);
            }
        }), Flux.defer(() -> {
            String text = summary.get();
            return answer(told.prompt(text == null ? told.earlier() : text));
        }));
    }

    private Flux<ExecutionEvent> answer(String prompt) {
        return Flux.defer(() -> {
            Exchange exchange = new Exchange(calls, bodies, config.prices(), forgetful);
            exchange.say(new Item.Said(prompt));
            return new ToolLoop(exchange, new ToolBox(mapper)).run();
        });
    }

    private ExecutionEvent tooLate() {
        Duration limit = config.timeout();
        return new ExecutionEvent.Ended(new JobResult.TimedOut("the model did not answer within "
                + (limit.toSeconds() % 60 == 0 ? limit.toMinutes() + " min" : limit.toSeconds() + " s")));
    }
}
