package dev.coxswain.supervisor.simulator.shithub;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;

/** The heartbeat, which is the claim (contract shithub-actions 3), checked in the server's order. */
final class Heartbeats {
    private static final String CALL = "heartbeat";
    private static final long WINDOW_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int MAX_TEXT_BYTES = 255;
    private static final int MAX_LABEL_BYTES = 100;
    /** What each generation of the server knows, beginning with the first. */
    private static final List<Set<String>> KEYS = List.of(Set.of("labels", "capacity"),
            Set.of("labels", "capacity", "host_name", "version"),
            Set.of("labels", "capacity", "host_name", "version", "active_job_ids"));

    private final SimulatorContext context;
    private final Jobs jobs;
    private final Runners runners;
    private final Levers levers;
    private final JobTokens tokens;
    private final Chain chain;
    private final Documents documents;

    Heartbeats(SimulatorContext context, Jobs jobs, Runners runners, Levers levers, JobTokens tokens, Chain chain,
            Documents documents) {
        this.context = context;
        this.jobs = jobs;
        this.runners = runners;
        this.levers = levers;
        this.tokens = tokens;
        this.chain = chain;
        this.documents = documents;
    }

    Answer beat(Call call, Runner runner) {
        synchronized (jobs) {
            if (levers.fails(Knob.REQUEST_LOST, CALL)) {
                return GoJson.error(502, "nothing was processed").cutOff();
            }
            boolean lost = levers.fails(Knob.ANSWER_LOST, CALL);
            Answer answer = limited(call, runner, lost);
            return lost ? answer.cutOff() : answer;
        }
    }

    /** Whose registration token it is. */
    Runner caller(Call call) {
        synchronized (jobs) {
            return known(call);
        }
    }

    private Runner known(Call call) {
        if (!levers.configured) {
            throw GoJson.refusal(503, "runner API is not configured");
        }
        String bearer = Authorization.bearer(call.header("authorization"));
        if (bearer == null) {
            throw GoJson.refusal(401, "runner token required");
        }
        Runner runner = runners.byToken(bearer);
        if (runner == null || runner.rotated || runner.revoked) {
            if (tokens.read(bearer) != null) {
                context.ledger().violation(Violation.SECRET_SEEN, ShithubProtocol.NAME, CALL,
                        "a job's token in a heartbeat");
            }
            throw GoJson.refusal(401, "runner token invalid");
        }
        return runner;
    }

    /** Counts the heartbeat; whatever is answered tells how many more there may be. */
    private Answer limited(Call call, Runner runner, boolean lost) {
        long now = jobs.now();
        if (runner.windowFromNanos == Long.MIN_VALUE || now - runner.windowFromNanos >= WINDOW_NANOS) {
            runner.windowFromNanos = now;
            runner.beatsInWindow = 0;
        }
        long leftNanos = runner.windowFromNanos + WINDOW_NANOS - now;
        boolean over = levers.rateLimit > 0 && runner.beatsInWindow >= levers.rateLimit;
        boolean made = !over && levers.fails(Knob.RATE_429, CALL);
        runner.beatsInWindow += over ? 0 : 1;
        Answer answer;
        if (over || made) {
            answer = GoJson.error(429, "rate limit exceeded").withHeader("Retry-After",
                    String.valueOf(made ? 0 : Duration.ofNanos(leftNanos).toSeconds()));
        } else {
            try {
                answer = answer(call, runner, lost);
            } catch (RefusedException e) {
                answer = e.answer();
            }
        }
        return levers.rateLimit == 0
                ? answer
                : answer.withHeader("X-RateLimit-Limit", String.valueOf(levers.rateLimit))
                        .withHeader("X-RateLimit-Remaining",
                                String.valueOf(Math.max(0, levers.rateLimit - runner.beatsInWindow)))
                        .withHeader("X-RateLimit-Reset",
                                String.valueOf(Math.ceilDiv(leftNanos, Duration.ofSeconds(1).toNanos())));
    }

    private Answer answer(Call call, Runner runner, boolean lost) {
        boolean empty = call.body().length == 0;
        Fields body = Fields.of(empty ? new byte[]{'{', '}'} : call.body(), KEYS.get(levers.generation - 1));
        Set<String> labels = body.has("labels") ? labels(body.texts("labels")) : runner.labels;
        long capacity = body.whole("capacity", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (capacity < 0 || capacity > Runner.MAX_CAPACITY) {
            throw GoJson.refusal(400, "capacity must be between 1 and " + Runner.MAX_CAPACITY);
        }
        int wanted = capacity == 0 ? runner.capacity : (int) capacity;
        String host = cut(body.text("host_name"), runner.hostName);
        String version = cut(body.text("version"), runner.version);
        Set<Long> active = body.has("active_job_ids") ? active(body.wholes("active_job_ids"), wanted) : null;
        runner.labels = labels;
        runner.capacity = wanted;
        runner.hostName = host;
        runner.version = version;
        runner.heartbeats++;
        if (active != null) {
            jobs.reconcile(runner, active);
        }
        return claim(call, runner, lost);
    }

    private Answer claim(Call call, Runner runner, boolean lost) {
        if (levers.fails(Knob.HEARTBEAT_500, CALL)) {
            throw GoJson.refusal(500, "runner heartbeat failed");
        }
        if (runner.draining || levers.paused || runner.running.size() >= runner.capacity) {
            return Answer.empty(204);
        }
        Chain.Life life = chain.life();
        boolean fails = levers.fails(Knob.CLAIM_MINT_500, CALL);
        Job job = jobs.claim(runner, call, life.untilNanos(), !fails && !lost);
        if (job == null) {
            return Answer.empty(204);
        }
        if (fails) {
            throw GoJson.refusal(500, "runner token mint failed");
        }
        Map<String, Object> claim = new LinkedHashMap<>();
        chain.grow(job, life, "token", claim);
        claim.put("job", documents.of(job, chain.checkoutToken(job, life), levers.generation));
        return GoJson.answer(200, claim);
    }

    private static Set<String> labels(List<String> sent) {
        Set<String> labels = new LinkedHashSet<>();
        for (String text : sent) {
            String label = text.strip();
            if (label.isEmpty()) {
                throw GoJson.refusal(400, "runner labels must not contain empty entries");
            }
            if (label.length() > MAX_LABEL_BYTES || !label.matches("[A-Za-z0-9_.-]+")) {
                throw GoJson.refusal(400, "invalid runner label \""
                        + label.substring(0, Math.min(MAX_LABEL_BYTES, label.length())) + "\"");
            }
            labels.add(label);
        }
        return labels;
    }

    private static Set<Long> active(List<Long> ids, int capacity) {
        if (ids.size() > capacity) {
            throw GoJson.refusal(400, "active_job_ids cannot contain more than capacity (" + capacity + ")");
        }
        if (ids.stream().anyMatch(id -> id <= 0)) {
            throw GoJson.refusal(400, "active_job_ids must contain positive job IDs");
        }
        Set<Long> listed = new HashSet<>(ids);
        if (listed.size() < ids.size()) {
            throw GoJson.refusal(400, "active_job_ids must not contain duplicates");
        }
        return listed;
    }

    /** At most so many characters as there may be bytes; what is blank changes nothing. */
    private static String cut(String sent, String before) {
        String text = sent.strip();
        return text.isEmpty() ? before : text.substring(0, Math.min(MAX_TEXT_BYTES, text.length()));
    }
}
