package dev.coxswain.supervisor.simulator.workspace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.LeaseQueue;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SignAnswer;
import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Topic;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The six endpoints of workspace jobs. Each checks in this order: method and path, key (401), JSON (400), fields (400),
 * lease (409).
 */
final class WorkspaceControlPlane implements SimulatedControlPlane {
    private static final String NO_LEASE = "this instance holds no active lease on that workspace";
    /** A result holds all its deliverables; all caps together are more than a control plane would read. */
    private static final int MAX_RESULT = 10 << 20;

    /** Who calls. */
    private record Caller(String holder, Target target) {}

    @FunctionalInterface
    private interface Endpoint {
        Answer answer(Call call, Caller caller);
    }

    private final SimulatorContext context;
    private final Map<String, Target> targets;
    private final List<String> tokens;
    private final RunnerInstances instances;
    private final List<Route> routes;
    private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();
    private final Map<String, Summary> summaries = new ConcurrentHashMap<>();
    private final AtomicInteger jobs = new AtomicInteger();
    private final AtomicLong openAnswers = new AtomicLong();

    WorkspaceControlPlane(SimulatorContext context) {
        this.context = context;
        targets = Target.byToken(context);
        tokens = List.copyOf(targets.keySet());
        instances = new RunnerInstances(context, targets.values());
        List<Route> ofJobs = List.of(route("/leaseWorkspaceJob", CallKind.LEASE, this::lease),
                route("/heartbeatWorkspaceJob", CallKind.HEARTBEAT, this::heartbeat),
                route("/getWorkspaceRunnerContext", CallKind.READ, this::context),
                route("/updateWorkspaceRunnerSummary", CallKind.WRITE, this::summary),
                route("/completeWorkspaceJob", CallKind.SETTLE, this::complete).withMaxBody(MAX_RESULT),
                route("/failWorkspaceJob", CallKind.SETTLE, this::fail));
        routes = Stream.concat(ofJobs.stream(), instances.routes().stream()).toList();
        long start = context.config().clock().nanos();
        long between = context.config().arrival().toNanos();
        for (int i = 0; i < context.config().jobs(); i++) {
            add(start + i * between);
        }
    }

    @Override
    public String basePath() {
        return "/workspace";
    }

    @Override
    public List<String> tokens() {
        return tokens;
    }

    @Override
    public Map<String, String> idTokens() {
        return instances.idTokens();
    }

    @Override
    public boolean gaveOut(String token) {
        return instances.gaveOut(token);
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public void enqueue(int count) {
        for (int i = 0; i < count; i++) {
            add(context.config().clock().nanos());
        }
    }

    private void add(long dueNanos) {
        int number = jobs.getAndIncrement();
        List<Topic> topics = context.config().topics();
        long seed = context.config().seed();
        Conversation conversation = new Conversation("workspace-" + (number + 1), seed * 31 + number,
                Conversation.Shape.nth(number, seed), topics.get(number % topics.size()),
                context.wall(dueNanos).toEpochMilli());
        conversations.put(conversation.id(), conversation);
        Summary first = conversation.firstSummary();
        if (first != null) {
            summaries.put(conversation.id(), first);
        }
        target(tokens.get(number % tokens.size())).queue().add(conversation.id(), conversation, dueNanos);
    }

    private Target target(String token) {
        Target target = targets.get(token);
        if (target == null) {
            throw new IllegalStateException("a token without a target");
        }
        return target;
    }

    private Route route(String path, CallKind kind, Endpoint endpoint) {
        return Route.of("POST", path, kind, call -> Mono.fromSupplier(() -> {
            Caller caller = caller(call.bearer());
            if (caller == null) {
                return Answer.error(401, "unknown or missing runner key");
            }
            try {
                return endpoint.answer(call, caller);
            } catch (RefusedException e) {
                return e.answer();
            }
        }));
    }

    private @Nullable Caller caller(@Nullable String token) {
        String holder = context.tokens().holder(token);
        if (token == null || holder == null) {
            return null;
        }
        Target first = targets.get(token);
        Target target = first == null ? instances.target(token) : first;
        return target == null ? null : new Caller(holder, target);
    }

    private Answer lease(Call call, Caller caller) {
        WorkspaceBodies.object(call);
        Optional<LeaseQueue.Grant<Conversation>> granted = caller.target().queue().lease(caller.holder(),
                context.config().leaseLength(), call);
        if (granted.isEmpty()) {
            return Answer.json(200, Map.of("leased", false));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("leased", true);
        answer.put("workspaceId", granted.get().id());
        answer.put("leaseExpiresAt", context.wall(granted.get().untilNanos()).toEpochMilli());
        answer.put("workspace", granted.get().payload().workspace(caller.target().name()));
        return Answer.json(200, answer);
    }

    private Answer heartbeat(Call call, Caller caller) {
        String id = WorkspaceBodies.workspaceId(WorkspaceBodies.object(call));
        return caller.target().queue().renew(id, caller.holder(), context.config().leaseLength(), call)
                .map(grant -> Answer.json(200,
                        Map.of("ok", true, "leaseExpiresAt", context.wall(grant.untilNanos()).toEpochMilli())))
                .orElseGet(() -> gone(id, caller));
    }

    private Answer context(Call call, Caller caller) {
        String id = WorkspaceBodies.workspaceId(WorkspaceBodies.object(call));
        Conversation conversation = held(id, call, caller);
        return conversation == null ? gone(id, caller) : Answer.json(200, conversation.context(summaries.get(id)));
    }

    private Answer summary(Call call, Caller caller) {
        JsonNode body = WorkspaceBodies.object(call);
        String id = WorkspaceBodies.workspaceId(body);
        Summary summary = WorkspaceBodies.summary(body);
        Conversation conversation = held(id, call, caller);
        if (conversation == null) {
            return gone(id, caller);
        }
        if (!conversation.knows(summary)) {
            throw RefusedException.request("fromMessageId and throughMessageId name no part of the earlier messages");
        }
        summaries.put(id, summary);
        return acknowledged();
    }

    private Answer complete(Call call, Caller caller) {
        JsonNode body = WorkspaceBodies.object(call);
        String id = WorkspaceBodies.workspaceId(body);
        Completion.check(body);
        return caller.target().queue().settle(id, caller.holder(), JobEnd.COMPLETED, call)
                ? acknowledged()
                : gone(id, caller);
    }

    private Answer fail(Call call, Caller caller) {
        JsonNode body = WorkspaceBodies.object(call);
        String id = WorkspaceBodies.workspaceId(body);
        WorkspaceBodies.error(body);
        return caller.target().queue().settle(id, caller.holder(), JobEnd.FAILED, call)
                ? Answer.json(200, Map.of("ok", true))
                : gone(id, caller);
    }

    private @Nullable Conversation held(String id, Call call, Caller caller) {
        return caller.target().queue().held(id, caller.holder(), call).isPresent() ? conversations.get(id) : null;
    }

    /** An unknown workspace, and one that is another target's, are answered like a lost one. */
    private static Answer gone(String id, Caller caller) {
        return Answer.error(409, NO_LEASE)
                .whenDelivered(nanos -> caller.target().queue().told(id, caller.holder(), nanos));
    }

    /** The success bodies of complete and of the summary are unknown: where open forms rotate, they take turns. */
    private Answer acknowledged() {
        long form = context.config().signAnswer() == SignAnswer.ROTATING ? openAnswers.getAndIncrement() % 3 : 0;
        return form == 0
                ? Answer.json(200, Map.of("ok", true))
                : form == 1
                        ? Answer.json(200, Map.of())
                        : Answer.empty(200);
    }
}
