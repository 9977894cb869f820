package dev.coxswain.supervisor.simulator.workspace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.LeaseQueue;
import dev.coxswain.supervisor.simulator.QueuedControlPlane;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SignAnswer;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Topic;
import tools.jackson.databind.JsonNode;

/**
 * The six endpoints of workspace jobs. Each checks in this order: method and path, key (401), JSON (400), fields (400),
 * lease (409).
 */
final class WorkspaceControlPlane extends QueuedControlPlane<WorkspaceControlPlane.Caller> {
    private static final String NO_LEASE = "this instance holds no active lease on that workspace";
    /** A result holds all its deliverables; all caps together are more than a control plane would read. */
    private static final int MAX_RESULT = 10 << 20;

    /** Who calls. */
    record Caller(String holder, Target target) {}

    private final Map<String, Target> targets;
    private final List<String> tokens;
    private final RunnerInstances instances;
    private final List<Route> routes;
    private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();
    private final Map<String, Summary> summaries = new ConcurrentHashMap<>();
    private final AtomicLong openAnswers = new AtomicLong();

    WorkspaceControlPlane(SimulatorContext context) {
        super(context);
        targets = Target.byToken(context);
        tokens = List.copyOf(targets.keySet());
        instances = new RunnerInstances(context, targets.values());
        List<Route> ofJobs = List.of(route("POST", "/leaseWorkspaceJob", CallKind.LEASE, this::lease),
                route("POST", "/heartbeatWorkspaceJob", CallKind.HEARTBEAT, this::heartbeat),
                route("POST", "/getWorkspaceRunnerContext", CallKind.READ, this::context),
                route("POST", "/updateWorkspaceRunnerSummary", CallKind.WRITE, this::summary),
                route("POST", "/completeWorkspaceJob", CallKind.SETTLE, this::complete).withMaxBody(MAX_RESULT),
                route("POST", "/failWorkspaceJob", CallKind.SETTLE, this::fail));
        routes = Stream.concat(ofJobs.stream(), instances.routes().stream()).toList();
        fill();
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
    protected void add(int number, long dueNanos) {
        List<Topic> topics = context().config().topics();
        long seed = context().config().seed();
        Conversation conversation = new Conversation("workspace-" + (number + 1), seed * 31 + number,
                Conversation.Shape.nth(number, seed), topics.get(number % topics.size()),
                context().wall(dueNanos).toEpochMilli());
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

    @Override
    protected Caller caller(Call call) {
        String token = call.bearer();
        String holder = context().tokens().holder(token);
        Target target = token == null ? null : known(token);
        if (holder == null || target == null) {
            throw RefusedException.of(401, "unknown or missing runner key");
        }
        return new Caller(holder, target);
    }

    private @Nullable Target known(String token) {
        Target first = targets.get(token);
        return first == null ? instances.target(token) : first;
    }

    private Answer lease(Call call, Caller caller) {
        object(call);
        Optional<LeaseQueue.Grant<Conversation>> granted = caller.target().queue().lease(caller.holder(),
                context().config().leaseLength(), call);
        if (granted.isEmpty()) {
            return Answer.json(200, Map.of("leased", false));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("leased", true);
        answer.put("workspaceId", granted.get().id());
        answer.put("leaseExpiresAt", context().wall(granted.get().untilNanos()).toEpochMilli());
        answer.put("workspace", granted.get().payload().workspace(caller.target().name()));
        return Answer.json(200, answer);
    }

    private Answer heartbeat(Call call, Caller caller) {
        String id = WorkspaceBodies.workspaceId(object(call));
        return caller.target().queue().renew(id, caller.holder(), context().config().leaseLength(), call)
                .map(grant -> Answer.json(200,
                        Map.of("ok", true, "leaseExpiresAt", context().wall(grant.untilNanos()).toEpochMilli())))
                .orElseGet(() -> gone(id, caller));
    }

    private Answer context(Call call, Caller caller) {
        String id = WorkspaceBodies.workspaceId(object(call));
        Conversation conversation = held(id, call, caller);
        return conversation == null ? gone(id, caller) : Answer.json(200, conversation.context(summaries.get(id)));
    }

    private Answer summary(Call call, Caller caller) {
        JsonNode body = object(call);
        String id = WorkspaceBodies.workspaceId(body);
        Summary summary = WorkspaceBodies.summary(body);
        Conversation conversation = held(id, call, caller);
        if (conversation == null) {
            return gone(id, caller);
        }
        if (!conversation.knows(summary)) {
            throw RefusedException.of(400, "fromMessageId and throughMessageId name no part of the earlier messages");
        }
        summaries.put(id, summary);
        return acknowledged();
    }

    private Answer complete(Call call, Caller caller) {
        JsonNode body = object(call);
        String id = WorkspaceBodies.workspaceId(body);
        Completion.check(body);
        return caller.target().queue().settle(id, caller.holder(), JobEnd.COMPLETED, call)
                ? acknowledged()
                : gone(id, caller);
    }

    private Answer fail(Call call, Caller caller) {
        JsonNode body = object(call);
        String id = WorkspaceBodies.workspaceId(body);
        WorkspaceBodies.error(body);
        return caller.target().queue().settle(id, caller.holder(), JobEnd.FAILED, call)
                ? ok()
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
        long form = context().config().signAnswer() == SignAnswer.ROTATING ? openAnswers.getAndIncrement() % 3 : 0;
        return form == 0
                ? ok()
                : form == 1
                        ? Answer.json(200, Map.of())
                        : Answer.empty(200);
    }
}
