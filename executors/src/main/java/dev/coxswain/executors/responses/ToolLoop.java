package dev.coxswain.executors.responses;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.deliverable.Answer;
import dev.coxswain.executors.deliverable.InvalidDeliverableException;
import dev.coxswain.executors.deliverable.JsText;
import dev.coxswain.executors.deliverable.Placeholder;
import dev.coxswain.executors.deliverable.Placeholders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One job's rounds with the model until it answers (contract xenonflare-workspace 5): the tools that it asks for are
 * carried out and told, an answer that cites what is not there is sent back to be repaired. For one subscriber.
 */
final class ToolLoop {
    /** Rounds of one loop. */
    static final int MAX_ROUNDS = 24;
    /** Loops after the first one. */
    static final int MAX_REPAIRS = 4;

    private final Exchange exchange;
    private final ToolBox tools;
    private int round;
    private int roundsInAll;
    private int repairs;
    private String message = "";
    private @Nullable JobResult result;

    /** @param exchange what the model is asked is said already */
    ToolLoop(Exchange exchange, ToolBox tools) {
        this.exchange = exchange;
        this.tools = tools;
    }

    /** Emits lines for the log and, last, the end of the job. */
    Flux<ExecutionEvent> run() {
        return Flux.defer(this::round).repeat(() -> result == null)
                .onErrorResume(ModelException.class, failure -> {
                    result = new JobResult.Failed(String.valueOf(failure.getMessage()));
                    return Flux.empty();
                }).concatWith(Mono.fromCallable(() -> result).map(ExecutionEvent.Ended::new));
    }

    private Flux<ExecutionEvent> round() {
        if (round == MAX_ROUNDS) {
            return Flux.error(new ModelException(CallResult.INCOMPLETE,
                    "the model asked for tools " + MAX_ROUNDS + " times in a row and did not answer"));
        }
        round++;
        roundsInAll++;
        return exchange.send().concatMapIterable(event -> switch (event) {
            case CallEvent.Again again -> List.of(JobLines.again(again));
            case CallEvent.Whole whole -> List.of(JobLines.whole());
            case CallEvent.Answered(var reply, var took) -> answered(reply, took);
        }, 1);
    }

    private List<ExecutionEvent> answered(ModelReply reply, Duration took) {
        List<ExecutionEvent> lines = new ArrayList<>();
        lines.add(JobLines.round(roundsInAll, reply, took));
        if (reply.calls().isEmpty()) {
            lines.add(conclude(reply));
            return lines;
        }
        for (ToolCall call : reply.calls()) {
            ToolBox.Output output = tools.use(call);
            exchange.say(new Item.Output(call.id(), output.json()));
            lines.add(JobLines.used(call, output));
        }
        return lines;
    }

    private ExecutionEvent conclude(ModelReply reply) {
        String text = JsText.trim(reply.text());
        if (text.isEmpty() && reply.refused()) {
            throw new ModelException(CallResult.COMPLETED, "the model declined to answer");
        }
        // a repaired loop may end without a word, when only the deliverable was missing
        message = text.isEmpty() ? message : text;
        List<Placeholder> missing = message.length() > Answer.MOST_MESSAGE ? List.of() : missing();
        if (!missing.isEmpty() && repairs < MAX_REPAIRS) {
            repairs++;
            round = 0;
            exchange.say(new Item.Said(Prompts.repair(missing)));
            return JobLines.repair(repairs, missing.size());
        }
        try {
            Answer answer = Answer.of(message, tools.made());
            result = new JobResult.Succeeded(answer.toBody().toString(), "");
        } catch (InvalidDeliverableException e) {
            result = new JobResult.Failed(String.valueOf(e.getMessage()));
        }
        return JobLines.answer(message.length(), tools.made());
    }

    private List<Placeholder> missing() {
        return Placeholders.missing(Placeholders.rewrite(message, tools.made()), tools.made());
    }
}
