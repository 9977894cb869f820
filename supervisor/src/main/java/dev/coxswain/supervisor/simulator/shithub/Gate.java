package dev.coxswain.supervisor.simulator.shithub;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;

/**
 * The way into every call about a job, in the server's order (contract shithub-actions 2.3): what is refused before the
 * token is used up leaves it alive; whatever is refused behind that ends the chain for ever.
 */
final class Gate {
    private static final String INVALID = "job token invalid";
    private static final String NOT_FOUND = "job not found";

    /**
     * What a call came to.
     *
     * @param body what is answered, but for the next token
     * @param last whether there is no next token
     */
    record Done(int status, Map<String, Object> body, boolean last) {}

    /** What a call does once it is let in; a {@link RefusedException} ends the chain. */
    @FunctionalInterface
    interface Endpoint {
        Done answer(Call call, Job job);
    }

    private final SimulatorContext context;
    private final Jobs jobs;
    private final Runners runners;
    private final Levers levers;
    private final JobTokens tokens;
    private final Chain chain;

    Gate(SimulatorContext context, Jobs jobs, Runners runners, Levers levers, JobTokens tokens, Chain chain) {
        this.context = context;
        this.jobs = jobs;
        this.runners = runners;
        this.levers = levers;
        this.tokens = tokens;
        this.chain = chain;
    }

    Answer through(JobCall what, Call call, Endpoint endpoint) {
        synchronized (jobs) {
            try {
                if (levers.fails(Knob.REQUEST_LOST, what.label)) {
                    return GoJson.error(502, "nothing was processed").cutOff();
                }
                Job job = admit(what, call);
                Answer answer = pass(what, call, job, endpoint);
                if (levers.fails(Knob.ANSWER_LOST, what.label)) {
                    excuse(job);
                    return answer.cutOff();
                }
                return answer;
            } catch (RefusedException e) {
                return e.answer();
            }
        }
    }

    private Job admit(JobCall what, Call call) {
        if (what == JobCall.ARTIFACTS && !levers.objectStore) {
            throw GoJson.refusal(503, "object storage is not configured");
        }
        if (!levers.configured) {
            throw GoJson.refusal(503, "runner API is not configured");
        }
        long id = Numbers.positive(call.param("job"));
        if (id == 0) {
            throw GoJson.refusal(404, NOT_FOUND);
        }
        JobTokens.Claims claims = claims(what, call);
        if (claims.job() != id) {
            throw GoJson.refusal(404, NOT_FOUND);
        }
        Runner runner = runners.byId(claims.runner());
        if (runner == null || runner.revoked) {
            throw GoJson.refusal(401, INVALID);
        }
        if (levers.fails(Knob.LOOKUP_500, what.label)) {
            throw GoJson.refusal(500, "job lookup failed");
        }
        Job job = jobs.find(id);
        if (job == null || job.run.id != claims.run() || job.runner != runner) {
            throw GoJson.refusal(404, NOT_FOUND);
        }
        use(what, call, job, runner, claims);
        if (call.steals() && job.phase == Phase.RUNNING) {
            jobs.closeByServer(job, JobEnd.STOLEN);
        }
        return job;
    }

    /** What the bearer's token says, if it is one for calls and its time is not over. */
    private JobTokens.Claims claims(JobCall what, Call call) {
        String bearer = Authorization.bearer(call.header("authorization"));
        if (bearer == null) {
            throw GoJson.refusal(401, "job token required");
        }
        JobTokens.Claims claims = tokens.read(bearer);
        boolean foreign = claims == null
                ? context.tokens().holder(bearer) != null
                : !claims.purpose().equals(JobTokens.API);
        if (foreign) {
            context.ledger().violation(Violation.SECRET_SEEN, ShithubProtocol.NAME, what.label,
                    "a token that is none for calls about a job");
        }
        if (claims == null || foreign) {
            throw GoJson.refusal(401, INVALID);
        }
        Job job = jobs.find(claims.job());
        if (chain.expired(claims) || (job != null && job.tokensExpired)) {
            judge(what, call, job);
            throw GoJson.refusal(401, INVALID);
        }
        return claims;
    }

    private void use(JobCall what, Call call, Job job, Runner runner, JobTokens.Claims claims) {
        boolean live = claims.jti().equals(job.jti);
        if (live && levers.fails(Knob.CONSUME_401, what.label)) {
            throw GoJson.refusal(401, INVALID);
        }
        if (live && levers.fails(Knob.CONSUMED_401, what.label)) {
            job.jti = null;
            excuse(job);
            throw GoJson.refusal(401, INVALID);
        }
        if (!live) {
            judge(what, call, job);
            if (!job.phase.ended() && call.arrivedNanos() >= job.endHeardNanos
                    && context.ledger().calmSince(runner.holder, job.endHeardNanos)) {
                jobs.breaks(Violation.OUT_OF_ORDER, job, what.label + " after the chain of tokens had ended");
            }
            throw heardAsEnd(GoJson.refusal(401, "job token replayed"), job);
        }
        job.jti = null;
        job.calls++;
    }

    private Answer pass(JobCall what, Call call, Job job, Endpoint endpoint) {
        try {
            if (levers.fails(Knob.CONSUMED_500, what.label)) {
                excuse(job);
                throw GoJson.refusal(500, what.failure);
            }
            Done done = endpoint.answer(call, job);
            if (done.last()) {
                return GoJson.answer(done.status(), done.body()).whenDelivered(nanos -> heardEnd(job, nanos));
            }
            if (levers.fails(Knob.MINT_500, what.label)) {
                excuse(job);
                throw GoJson.refusal(500, "runner token mint failed");
            }
            chain.grow(job, chain.life(), "next_token", done.body());
            return GoJson.answer(done.status(), done.body());
        } catch (RefusedException e) {
            throw heardAsEnd(e, job);
        }
    }

    /** The same refusal; once it is delivered, the runner knows that it has no token any more. */
    private RefusedException heardAsEnd(RefusedException refusal, Job job) {
        return new RefusedException(String.valueOf(refusal.getMessage()),
                refusal.answer().whenDelivered(nanos -> heardEnd(job, nanos)));
    }

    private void heardEnd(Job job, long nanos) {
        synchronized (jobs) {
            job.endHeardNanos = Math.min(job.endHeardNanos, nanos);
        }
    }

    private void judge(JobCall what, Call call, @Nullable Job job) {
        Runner runner = job == null ? null : job.runner;
        if (job != null && runner != null) {
            JobEnd report = what.report(call.body());
            context.ledger().refused(job.key(), runner.holder, what.kind(report), report, call.arrivedNanos());
        }
    }

    private void excuse(Job job) {
        context.ledger().excuse(job.key(), job.lease);
    }
}
