package dev.coxswain.executors.responses;

import java.util.List;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.deliverable.JsText;
import reactor.core.publisher.Flux;

/**
 * Makes a summary of an earlier context that is too long (contract xenonflare-workspace 4). A summary that can't be made is
 * replaced by the end of the context itself, so that the job never fails for it.
 */
final class Summary {
    static final int MAX_INPUT = 360_000;
    static final int MAX_TEXT = 39_800;
    static final String CUT = " […] (The summary was longer and is cut here.)";

    private final ModelCalls calls;
    private final RequestBodies bodies;
    private final Prices prices;

    Summary(ModelCalls calls, RequestBodies bodies, Prices prices) {
        this.calls = calls;
        this.bodies = bodies;
        this.prices = prices;
    }

    /** Emits lines for the log and, last, {@link ExecutionEvent.Summarised}. */
    Flux<ExecutionEvent> of(String earlier) {
        return Flux.defer(() -> calls.send(bodies.summary(Texts.last(earlier, MAX_INPUT)), false, prices))
                .concatMapIterable(event -> switch (event) {
                    case CallEvent.Again again -> List.of(JobLines.again(again));
                    case CallEvent.Whole whole -> List.of(JobLines.whole());
                    case CallEvent.Answered(var reply, var took) -> {
                        String text = JsText.trim(reply.text());
                        if (text.isEmpty()) {
                            throw new ModelException(CallResult.GARBLED, "the model made an empty summary");
                        }
                        yield made(earlier, cut(text), true);
                    }
                }, 1).onErrorResume(ModelException.class,
                        failure -> Flux.fromIterable(made(earlier, Texts.last(earlier, MAX_TEXT), false)));
    }

    private static List<ExecutionEvent> made(String earlier, String summary, boolean byModel) {
        return List.of(JobLines.summarised(earlier.length(), summary.length(), byModel),
                new ExecutionEvent.Summarised(summary));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : JsText.cut(text, MAX_TEXT) + CUT;
    }
}
