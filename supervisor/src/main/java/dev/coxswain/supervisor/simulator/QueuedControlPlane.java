package dev.coxswain.supervisor.simulator;

import java.util.Map;

import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What control planes with numbered jobs and callers with tokens share: jobs that arrive as the configuration says, and
 * endpoints that are asked in this order: method and path, caller, JSON, fields, lease.
 *
 * @param <C> who calls
 */
public abstract class QueuedControlPlane<C> implements SimulatedControlPlane {
    private final SimulatorContext context;
    private int jobs;

    /** An endpoint; a {@link RefusedException} becomes its answer. */
    @FunctionalInterface
    protected interface Endpoint<C> {
        /** The answer to a known caller. */
        Answer answer(Call call, C caller);
    }

    protected QueuedControlPlane(SimulatorContext context) {
        this.context = context;
    }

    protected final SimulatorContext context() {
        return context;
    }

    /** Who this is; throws a {@link RefusedException} of the protocol's own form for a caller that it does not know. */
    protected abstract C caller(Call call);

    /**
     * Makes a job that can be leased from that moment on.
     *
     * @param number counted from 0
     */
    protected abstract void add(int number, long dueNanos);

    /** An endpoint that only known callers may use. */
    protected final Route route(String method, String path, CallKind kind, Endpoint<C> endpoint) {
        return Route.of(method, path, kind, call -> Mono.fromSupplier(() -> {
            try {
                return endpoint.answer(call, caller(call));
            } catch (RefusedException e) {
                return e.answer();
            }
        }));
    }

    /** Makes the jobs of the configuration, one after another; for the end of a constructor. */
    protected final synchronized void fill() {
        long start = context.config().clock().nanos();
        long between = context.config().arrival().toNanos();
        for (int i = 0; i < context.config().jobs(); i++) {
            add(jobs++, start + i * between);
        }
    }

    @Override
    public final synchronized void enqueue(int count) {
        for (int i = 0; i < count; i++) {
            add(jobs++, context.config().clock().nanos());
        }
    }

    /** The body of a call as an object; what it is instead is a 400. */
    public static JsonNode object(Call call) {
        if (!call.saysJson()) {
            throw RefusedException.of(400, "Content-Type must be application/json");
        }
        JsonNode body;
        try {
            body = Json.read(call.body());
        } catch (JacksonException e) {
            throw RefusedException.of(400, "the body is not valid JSON");
        }
        if (!body.isObject()) {
            throw RefusedException.of(400, "the body must be a JSON object");
        }
        return body;
    }

    /** {@code {"ok": true}}. */
    protected static Answer ok() {
        return Answer.json(200, Map.of("ok", true));
    }
}
