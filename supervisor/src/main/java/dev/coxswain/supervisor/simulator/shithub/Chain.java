package dev.coxswain.supervisor.simulator.shithub;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.coxswain.supervisor.simulator.SimulatorContext;

/**
 * The tokens of a job, one after another: each lets one call in and is the only one that does (contract shithub-actions 2).
 * Guarded by the monitor of {@link Jobs}.
 */
final class Chain {
    private final SimulatorContext context;
    private final Jobs jobs;
    private final Levers levers;
    private final JobTokens tokens;

    /** A token with its end on both clocks. */
    record Life(Instant expires, long untilNanos) {}

    Chain(SimulatorContext context, Jobs jobs, Levers levers, JobTokens tokens) {
        this.context = context;
        this.jobs = jobs;
        this.levers = levers;
        this.tokens = tokens;
    }

    /** How long a token lives that is made now. */
    Life life() {
        Instant now = context.now();
        Instant expires = Instant.ofEpochSecond(now.getEpochSecond() + levers.tokenSeconds);
        return new Life(expires, jobs.now() + Duration.between(now, expires).toNanos());
    }

    /** Puts the next token of the chain into an answer. */
    void grow(Job job, Life life, String key, Map<String, Object> answer) {
        String jti = tokens.jti();
        job.jti = jti;
        job.endHeardNanos = Long.MAX_VALUE;
        jobs.livesUntil(job, life.untilNanos());
        answer.put(key, tokens.mint(claims(job, life, jti, JobTokens.API)));
        answer.put(key.equals("token") ? "expires_at" : key + "_expires_at", life.expires().toString());
    }

    /** What lets its holder check the source out, as often as it likes. */
    String checkoutToken(Job job, Life life) {
        return tokens.mint(claims(job, life, tokens.jti(), JobTokens.CHECKOUT));
    }

    boolean expired(JobTokens.Claims claims) {
        return !context.now().isBefore(Instant.ofEpochSecond(claims.expires()));
    }

    private static JobTokens.Claims claims(Job job, Life life, String jti, String purpose) {
        Runner runner = job.runner;
        if (runner == null) {
            throw new IllegalStateException("a job without a runner has no token");
        }
        return new JobTokens.Claims(runner.id, job.id, job.run.id, Documents.REPOSITORY_ID,
                life.expires().getEpochSecond(), jti, purpose);
    }
}
