package dev.coxswain.executors.responses;

import java.time.Duration;

/** What happens on the way to an answer of the model. */
sealed interface CallEvent {
    /**
     * A request failed and is repeated.
     *
     * @param next number of the coming attempt, 2 for the first repetition
     */
    record Again(String why, Duration pause, int next) implements CallEvent {}

    /** The server does not keep earlier answers; the whole exchange is sent instead. */
    record Whole() implements CallEvent {}

    /**
     * The last event.
     *
     * @param took the request that brought it, without the waiting before
     */
    record Answered(ModelReply reply, Duration took) implements CallEvent {}
}
