package dev.coxswain.supervisor.simulator.model;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.responses.CallResult;
import dev.coxswain.executors.responses.ModelMeters;
import dev.coxswain.executors.responses.Prices;
import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.executors.responses.ResponsesWorkload;
import dev.coxswain.executors.responses.TokenUsage;
import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.testing.RecordingWorkspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ModelServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();

    private Simulator simulator = simulator(FaultProfile.none());

    @BeforeEach
    void start() {
        simulator.start().block(PATIENCE);
    }

    @AfterEach
    void stop() {
        simulator.stop().block(PATIENCE);
    }

    @ParameterizedTest
    @CsvSource({"plain,1", "one_tool,2", "parallel,2", "bad_arguments,3", "unknown_tool,3", "placeholder,3", "slow,2",
            "rate_limited,3", "overloaded,3"})
    void goodTempersEndInASuccessAfterThatManyRequests(String temper, int requests) {
        List<ExecutionEvent> events = run("/v1", "Do it. [model:" + temper + "]");

        assertThat(events.getLast()).isInstanceOfSatisfying(ExecutionEvent.Ended.class,
                end -> assertThat(end.result()).isInstanceOf(JobResult.Succeeded.class));
        assertThat(calls()).isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({"one_tool,3", "parallel,3", "bad_arguments,4", "placeholder,4"})
    void aForgetfulServerServesTheSameAfterOneRefusal(String temper, int requests) {
        List<ExecutionEvent> events = run("/forgetful/v1", "Do it. [model:" + temper + "]");

        assertThat(((ExecutionEvent.Ended) events.getLast()).result()).isInstanceOf(JobResult.Succeeded.class);
        assertThat(calls()).isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({"incomplete,incomplete (max_output_tokens)",
            "hopeless,deliverable_placeholder_mismatch: list:next-steps"})
    void badTempersEndInAFailure(String temper, String message) {
        List<ExecutionEvent> events = run("/v1", "Do it. [model:" + temper + "]");

        assertThat(((ExecutionEvent.Ended) events.getLast()).result()).isInstanceOfSatisfying(JobResult.Failed.class,
                failed -> assertThat(failed.message()).contains(message));
    }

    @Test
    void fortyJobsAtOnceSucceedThroughFaultsAndTheKeyIsSeenNowhereElse() {
        simulator.stop().block(PATIENCE);
        simulator = simulator(FaultProfile.named("latency"));
        simulator.start().block(PATIENCE);
        ResponsesWorkload workload = workload("/v1");

        List<ExecutionEvent> events = Objects.requireNonNull(Flux.range(0, 40)
                .flatMap(i -> workload.run(job("Question " + i + (i % 2 == 0 ? " [model:parallel]" : "")),
                        new RecordingWorkspace(Schedulers.parallel())), 40)
                .collectList().block(PATIENCE));

        assertThat(events.stream()
                .filter(event -> event instanceof ExecutionEvent.Ended(JobResult.Succeeded success))).hasSize(40);
        assertThat(text(events)).doesNotContain(simulator.tokens(ModelProtocol.NAME).getFirst());
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    @Test
    void theSamePromptAndSeedGiveTheSameTemper() {
        List<Temper> first = new ArrayList<>();
        List<Temper> second = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            first.add(Temper.of(7, "prompt " + i));
            second.add(Temper.of(7, "prompt " + i));
        }
        assertThat(first).isEqualTo(second).contains(Temper.PLAIN, Temper.PARALLEL, Temper.PLACEHOLDER)
                .doesNotContain(Temper.HOPELESS, Temper.INCOMPLETE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"model\":\"m\",\"input\":\"x\",\"stream\":true}|400", "{|400",
            "{\"input\":\"x\"}|400", "{\"model\":\"m\",\"input\":[]}|400",
            "{\"model\":\"m\",\"input\":\"x\",\"previous_response_id\":\"resp_none\"}|400",
            "{\"model\":\"m\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"o\"}]}|400",
            "{\"model\":\"m\",\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"\"}]}|400",
            "{\"model\":\"m\",\"input\":\"x\"}|200"})
    void requestsAreCheckedStrictly(String body, int status) {
        assertThat(post(body, simulator.tokens(ModelProtocol.NAME).getFirst())).isEqualTo(status);
    }

    @Test
    void anUnknownKeyIsRefused() {
        assertThat(post("{\"model\":\"m\",\"input\":\"x\"}", "sk-other")).isEqualTo(401);
    }

    private int post(String body, String key) {
        return Objects.requireNonNull(HttpClient.create()
                .headers(h -> h.set("Authorization", "Bearer " + key).set("Content-Type", "application/json")).post()
                .uri(base() + "/v1/responses")
                .send((request, out) -> out.sendString(Mono.just(body)))
                .responseSingle((answer, content) -> content.asString().defaultIfEmpty("")
                        .map(text -> answer.status().code()))
                .block(PATIENCE));
    }

    private long calls() {
        String page = Objects.requireNonNull(HttpClient.create().get().uri(base() + "/calls").responseContent()
                .aggregate().asString(StandardCharsets.UTF_8).block(PATIENCE));
        long sum = 0;
        for (JsonNode count : MAPPER.readTree(page).path("calls")) {
            sum += count.longValue();
        }
        return sum;
    }

    private List<ExecutionEvent> run(String version, String prompt) {
        return Objects.requireNonNull(
                workload(version).run(job(prompt), new RecordingWorkspace(Schedulers.parallel())).collectList()
                        .block(PATIENCE));
    }

    private ResponsesWorkload workload(String version) {
        return new ResponsesWorkload(
                new ResponsesConfig("m", "s", URI.create(base() + version),
                        simulator.tokens(ModelProtocol.NAME).getFirst(), 8, Duration.ofMinutes(1), PATIENCE,
                        Prices.NONE,
                        Prices.NONE),
                HttpClient.create(), MAPPER, Schedulers.parallel(), () -> 0, System::nanoTime, new Silent());
    }

    private URI base() {
        return simulator.url(ModelProtocol.NAME);
    }

    private static Job job(String prompt) {
        return new Job("key", "id", "{}").with(new Briefing("{}", prompt, "", "", false));
    }

    private static Simulator simulator(FaultProfile faults) {
        return new Simulator(SimulatorConfig.defaults().withProtocols(List.of(ModelProtocol.NAME)).withFaults(faults));
    }

    private static String text(List<ExecutionEvent> events) {
        StringBuilder text = new StringBuilder();
        for (ExecutionEvent event : events) {
            text.append(event instanceof ExecutionEvent.Output(var stream, var bytes)
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : event.toString());
        }
        return text.toString();
    }

    private static final class Silent implements ModelMeters {
        @Override
        public void queued() {}

        @Override
        public void unqueued() {}

        @Override
        public void began() {}

        @Override
        public void ended(CallResult result, Duration took) {}

        @Override
        public void used(TokenUsage tokens, double cost) {}
    }
}
