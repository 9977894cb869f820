package dev.coxswain.supervisor.simulator.studio;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.JobKey;
import dev.coxswain.supervisor.simulator.LeaseQueue;
import dev.coxswain.supervisor.simulator.QueuedControlPlane;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SignAnswer;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Topic;
import dev.coxswain.supervisor.simulator.Violation;
import tools.jackson.databind.JsonNode;

/**
 * Studio's five endpoints. Each checks in this order: method and path, key (401), JSON (400), fields (400), lease (409).
 */
final class StudioControlPlane extends QueuedControlPlane<String> {
    private static final String NO_LEASE = "this runner holds no active lease on that project";

    private final LeaseQueue<Map<String, Object>> queue;
    private final List<String> tokens;
    private final Set<String> known;
    private final List<Route> routes;
    private final AtomicLong signAnswers = new AtomicLong();
    private final AtomicLong leaseAnswers = new AtomicLong();

    StudioControlPlane(SimulatorContext context) {
        super(context);
        queue = new LeaseQueue<>(StudioProtocol.NAME, context.config().clock(), context.ledger());
        tokens = context.tokens().family("xenonflare", context.config().tokens());
        known = new HashSet<>(tokens);
        routes = List.of(route("POST", "/leaseRunnerJob", CallKind.LEASE, this::lease),
                route("POST", "/heartbeatRunnerJob", CallKind.HEARTBEAT, this::heartbeat),
                route("POST", "/runnerSignUpload", CallKind.SIGN, this::sign),
                route("POST", "/completeRunnerJob", CallKind.SETTLE, this::complete),
                route("POST", "/failRunnerJob", CallKind.SETTLE, this::fail));
        fill();
    }

    @Override
    public String basePath() {
        return "/studio";
    }

    @Override
    public List<String> tokens() {
        return tokens;
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    protected void add(int number, long dueNanos) {
        List<Topic> topics = context().config().topics();
        Topic topic = topics.get(number % topics.size());
        Map<String, Object> project = new LinkedHashMap<>();
        project.put("topic", topic.topic());
        project.put("style", topic.style());
        project.put("voiceId", topic.voiceId());
        project.put("includeTts", topic.includeTts());
        queue.add("project-" + (number + 1), project, dueNanos);
    }

    @Override
    protected String caller(Call call) {
        String token = call.bearer();
        String holder = context().tokens().holder(token);
        if (holder == null || token == null || !known.contains(token)) {
            throw RefusedException.of(401, "unknown or missing runner token");
        }
        return holder;
    }

    private Answer lease(Call call, String holder) {
        if (call.body().length > 0) {
            object(call);
        }
        Optional<LeaseQueue.Grant<Map<String, Object>>> granted = queue.lease(holder, context().config().leaseLength(),
                call);
        if (granted.isEmpty()) {
            return Answer.json(200, Map.of("leased", false));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("leased", true);
        answer.put("projectId", granted.get().id());
        answer.put("leaseExpiresAt", expiry(granted.get().untilNanos()));
        answer.put("project", granted.get().payload());
        return Answer.json(200, answer);
    }

    private Answer heartbeat(Call call, String holder) {
        String id = StudioBodies.projectId(object(call));
        return queue.renew(id, holder, context().config().leaseLength(), call)
                .map(grant -> Answer.json(200, Map.of("ok", true, "leaseExpiresAt", expiry(grant.untilNanos()))))
                .orElseGet(() -> gone(id, holder));
    }

    private Answer sign(Call call, String holder) {
        JsonNode body = object(call);
        String id = StudioBodies.projectId(body);
        List<StudioBodies.Upload> uploads = StudioBodies.uploads(body);
        OptionalInt lease = queue.held(id, holder, call);
        if (lease.isEmpty()) {
            return gone(id, holder);
        }
        List<SignForms.Entry> entries = uploads.stream().map(upload -> new SignForms.Entry(upload,
                context().store().sign(key(id), lease.getAsInt(), upload.path(), upload.contentType()))).toList();
        SignAnswer form = context().config().signAnswer().nth(signAnswers.getAndIncrement());
        return Answer.json(200, SignForms.of(form, entries));
    }

    private Answer complete(Call call, String holder) {
        JsonNode body = object(call);
        String id = StudioBodies.projectId(body);
        List<String> urls = StudioBodies.resultUrls(body);
        if (!queue.settle(id, holder, JobEnd.COMPLETED, call)) {
            return gone(id, holder);
        }
        long missing = urls.stream().filter(url -> !context().store().holds(key(id), url)).count();
        if (missing > 0) {
            context().ledger().violation(Violation.MISSING_ARTIFACT, StudioProtocol.NAME, key(id).toString(),
                    missing + " of " + urls.size() + " URLs name no stored, non-empty artifact of this job");
        }
        return ok();
    }

    private Answer fail(Call call, String holder) {
        JsonNode body = object(call);
        String id = StudioBodies.projectId(body);
        StudioBodies.error(body);
        return queue.settle(id, holder, JobEnd.FAILED, call) ? ok() : gone(id, holder);
    }

    /** An unknown project is answered like a lost one, as the likeness has it. */
    private Answer gone(String id, String holder) {
        Answer answer = Answer.error(409, NO_LEASE);
        return answer.whenDelivered(nanos -> queue.told(id, holder, nanos));
    }

    /** Epoch milliseconds; where open forms rotate, every other time the ISO-8601 text (contract xenonflare-studio 2). */
    private Object expiry(long untilNanos) {
        boolean text = context().config().signAnswer() == SignAnswer.ROTATING
                && leaseAnswers.getAndIncrement() % 2 == 1;
        return text ? context().wall(untilNanos).toString() : (Object) context().wall(untilNanos).toEpochMilli();
    }

    private static JobKey key(String id) {
        return new JobKey(StudioProtocol.NAME, id);
    }
}
