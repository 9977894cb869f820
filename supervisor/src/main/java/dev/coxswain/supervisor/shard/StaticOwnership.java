package dev.coxswain.supervisor.shard;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.Ownership;
import dev.coxswain.supervisor.runner.Runner;

/** A fixed part of the identities, for ever: that every index runs once is up to whoever starts them. */
public final class StaticOwnership implements Ownership {
    private final ShardingConfig.Static config;
    private final Identities identities = new Identities();

    public StaticOwnership(ShardingConfig.Static config) {
        this.config = config;
    }

    @Override
    public Hold of(Runner runner) {
        return owner(runner) == config.index() ? Hold.HELD : Hold.ELSEWHERE;
    }

    @Override
    public @Nullable String whyNot(Runner runner) {
        int owner = owner(runner);
        return owner == config.index() ? null : "belongs to index " + owner + " of " + config.count();
    }

    @Override
    public boolean request(Runner runner) {
        return of(runner) == Hold.HELD;
    }

    @Override
    public boolean mayPresent(Runner runner) {
        return of(runner) == Hold.HELD;
    }

    @Override
    public Sharing sharing() {
        return new Sharing("static", null, "index " + config.index(), null, config.count(), 1, null);
    }

    private int owner(Runner runner) {
        return Rendezvous.index(identities.of(runner).hash(), config.count());
    }
}
