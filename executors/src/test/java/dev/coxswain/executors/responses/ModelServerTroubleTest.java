package dev.coxswain.executors.responses;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static dev.coxswain.executors.responses.ModelBench.PATIENCE;
import static dev.coxswain.executors.responses.ModelBench.document;
import static dev.coxswain.executors.responses.ModelBench.failure;
import static dev.coxswain.executors.responses.ModelBench.job;
import static dev.coxswain.executors.responses.ModelBench.log;
import static dev.coxswain.executors.responses.ScriptedModel.json;
import static dev.coxswain.executors.responses.ScriptedModel.message;
import static dev.coxswain.executors.responses.ScriptedModel.sent;
import static dev.coxswain.executors.responses.ScriptedModel.status;
import static org.assertj.core.api.Assertions.assertThat;

/** What a rude model server does to a job. */
class ModelServerTroubleTest {
    private final ModelBench bench = new ModelBench();
    private final ScriptedModel model = bench.model;

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503, 599})
    void aPassingStatusIsTriedAgain(int status) {
        model.then(status(status, Map.of())).answers(message("Fine."));

        List<ExecutionEvent> events = bench.run(job("Hello."));

        assertThat(document(events).path("assistantMessage").stringValue()).isEqualTo("Fine.");
        assertThat(log(events)).contains("status " + status).contains("attempt 2 of 5 in 0.5 s");
        assertThat(bench.meters.results).containsEntry(CallResult.COMPLETED, 1)
                .containsEntry(status == 429 ? CallResult.RATE_LIMITED : CallResult.UNAVAILABLE, 1);
        assertThat(bench.meters.inFlight).hasValue(0);
    }

    @Test
    void anAnswerCutInTheMiddleIsTriedAgain() {
        model.then(sent(ScriptedModel.Manner.CUT)).answers(message("Whole."));

        assertThat(document(bench.run(job("Hello."))).path("assistantMessage").stringValue()).isEqualTo("Whole.");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 413})
    void anyOtherStatusFailsAtOnce(int status) {
        model.then(json(status, "{\"error\":{\"code\":\"some_code\",\"message\":\"the key is " + ModelBench.KEY
                + "\"}}"));

        String failure = failure(bench.run(job("Hello.")));

        assertThat(failure).contains("status " + status).contains("(some_code)").doesNotContain(ModelBench.KEY)
                .doesNotContain("127.0.0.1");
        assertThat(model.asked).hasSize(1);
    }

    @Test
    void aKeyInTheCodeOfAnErrorIsNotTold() {
        model.then(json(401, "{\"error\":{\"code\":\"" + ModelBench.KEY + "\"}}"));

        assertThat(failure(bench.run(job("Hello.")))).contains("API key is not accepted").doesNotContain("sk-");
    }

    @Test
    void anAnswerThatIsNotJsonFailsAtOnce() {
        model.then(json(200, "<html>"));
        assertThat(failure(bench.run(job("Hello.")))).contains("not a JSON object");

        model.then(json(200, "{\"id\":\"r\"}"));
        assertThat(failure(bench.run(job("Hello.")))).contains("no output");
        assertThat(bench.meters.results).containsEntry(CallResult.GARBLED, 2);
    }

    @Test
    void anEndlessAnswerIsCutOff() {
        model.then(sent(ScriptedModel.Manner.ENDLESS));

        List<ExecutionEvent> events = bench.run(job("Hello."));

        assertThat(failure(events)).as(log(events)).contains("longer than 16 MiB");
    }

    @Test
    void aServerThatIsNotThereIsTriedFiveTimes() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ResponsesWorkload workload = bench.workload(UnaryOperator.identity(), time);
        model.close();

        List<ExecutionEvent> events = runInVirtualTime(workload, time);

        assertThat(failure(events)).contains("no answer of the model server");
        assertThat(log(events).lines().map(line -> line.replaceAll(".*; ", "")))
                .containsExactly("attempt 2 of 5 in 0.5 s", "attempt 3 of 5 in 1.0 s", "attempt 4 of 5 in 2.0 s",
                        "attempt 5 of 5 in 4.0 s");
        assertThat(bench.meters.results).containsEntry(CallResult.UNAVAILABLE, 5);
    }

    @Test
    void fiveAttemptsAreFiveRequests() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        for (int i = 0; i < 10; i++) {
            model.then(status(503, Map.of("Retry-After", "4")));
        }

        List<ExecutionEvent> events = runInVirtualTime(bench.workload(UnaryOperator.identity(), time), time);

        assertThat(failure(events)).contains("status 503");
        assertThat(log(events)).contains("attempt 2 of 5 in 4.0 s");
        assertThat(model.asked).hasSize(5);
    }

    @Test
    void aServerThatIsSilentIsGivenUpAfterTheCallTimeout() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        model.then(sent(ScriptedModel.Manner.SILENT));

        List<ExecutionEvent> events = runPast(bench.workload(UnaryOperator.identity(), time), time,
                Duration.ofMinutes(10));

        assertThat(failure(events)).contains("did not answer within 600 s");
        assertThat(bench.meters.results).containsEntry(CallResult.TIMED_OUT, 1);
        model.gone.asMono().block(PATIENCE);
    }

    @Test
    void aJobOverItsTimeLimitIsTimedOutAndItsConnectionClosed() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        model.then(sent(ScriptedModel.Manner.SILENT));

        List<ExecutionEvent> events = runPast(bench.workload(
                was -> new ResponsesConfig(was.model(), was.summaryModel(), was.baseUrl(), was.apiKey(), 1,
                        was.callTimeout(), Duration.ofMinutes(5), was.prices(), was.summaryPrices()),
                time), time, Duration.ofMinutes(5));

        assertThat(ModelBench.result(events))
                .isEqualTo(new JobResult.TimedOut("the model did not answer within 5 min"));
        assertThat(bench.meters.results).containsEntry(CallResult.CANCELLED, 1);
        model.gone.asMono().block(PATIENCE);
    }

    @Test
    void aCancelClosesTheConnectionAtOnce() {
        model.then(sent(ScriptedModel.Manner.SILENT));
        Disposable running = bench.workload().run(job("Hello."), new NoWorkspace()).subscribe(event -> {},
                failure -> {});
        model.arrivals.asFlux().blockFirst(PATIENCE);

        running.dispose();

        model.gone.asMono().block(PATIENCE);
        assertThat(bench.meters.results).containsEntry(CallResult.CANCELLED, 1);
        assertThat(bench.meters.inFlight).hasValue(0);
    }

    @Test
    void noMoreCallsThanAllowedAreUnderWayAndTheOthersWait() {
        for (int i = 0; i < 40; i++) {
            model.answers(message("Fine."));
        }
        ResponsesWorkload workload = bench.workload(was -> new ResponsesConfig(was.model(), was.summaryModel(),
                was.baseUrl(), was.apiKey(), 3, was.callTimeout(), was.timeout(), was.prices(), was.summaryPrices()),
                Schedulers.parallel());

        Long ended = Flux.range(0, 40).flatMap(i -> workload.run(job("Hello."), new NoWorkspace()), 40)
                .filter(event -> event instanceof ExecutionEvent.Ended(JobResult.Succeeded success)).count()
                .block(PATIENCE);

        assertThat(ended).isEqualTo(40);
        assertThat(bench.meters.mostInFlight.get()).isEqualTo(3);
        assertThat(bench.meters.waiting).hasValue(0);
        assertThat(bench.meters.inFlight).hasValue(0);
    }

    @Test
    void aCancelledJobLeavesTheLine() {
        model.then(sent(ScriptedModel.Manner.SILENT));
        ResponsesWorkload workload = bench.workload(was -> new ResponsesConfig(was.model(), was.summaryModel(),
                was.baseUrl(), was.apiKey(), 1, was.callTimeout(), was.timeout(), was.prices(), was.summaryPrices()),
                Schedulers.parallel());
        Disposable first = workload.run(job("One."), new NoWorkspace()).subscribe(event -> {}, failure -> {});
        model.arrivals.asFlux().blockFirst(PATIENCE);
        Disposable second = workload.run(job("Two."), new NoWorkspace()).subscribe(event -> {}, failure -> {});
        assertThat(bench.meters.waiting).hasValue(1);

        second.dispose();
        assertThat(bench.meters.waiting).hasValue(0);
        first.dispose();

        model.answers(message("Three."));
        assertThat(document(bench.run(workload, job("Three."))).path("assistantMessage").stringValue())
                .isEqualTo("Three.");
    }

    /** Lets pauses pass in small steps: a limit of minutes is far away even when this machine is slow. */
    private static List<ExecutionEvent> runInVirtualTime(ResponsesWorkload workload, VirtualTimeScheduler time) {
        Flux<ExecutionEvent> ticks = Flux.interval(Duration.ofMillis(5))
                .doOnNext(tick -> time.advanceTimeBy(Duration.ofMillis(100))).ignoreElements()
                .cast(ExecutionEvent.class).flux();
        return Objects.requireNonNull(Flux.merge(workload.run(job("Hello."), new NoWorkspace()), ticks)
                .takeUntil(ExecutionEvent.Ended.class::isInstance).collectList().block(PATIENCE));
    }

    /** Lets a request arrive, then this much time pass; the last second of it must be what ends the job. */
    private List<ExecutionEvent> runPast(ResponsesWorkload workload, VirtualTimeScheduler time, Duration limit) {
        List<ExecutionEvent> events = new CopyOnWriteArrayList<>();
        Sinks.Empty<Void> over = Sinks.empty();
        Disposable running = workload.run(job("Hello."), new NoWorkspace()).subscribe(events::add,
                failure -> over.tryEmitError(failure), over::tryEmitEmpty);
        model.arrivals.asFlux().blockFirst(PATIENCE);

        time.advanceTimeBy(limit.minusSeconds(1));
        assertThat(events).isEmpty();
        time.advanceTimeBy(Duration.ofSeconds(1));

        over.asMono().block(PATIENCE);
        running.dispose();
        return events;
    }
}
