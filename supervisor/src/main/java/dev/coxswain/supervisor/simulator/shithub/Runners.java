package dev.coxswain.supervisor.simulator.shithub;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.SimulatorContext;

/** The runners that an operator registered. They never change in number, so anybody may read them at any time. */
final class Runners {
    private static final long FIRST_ID = 8_100_000_001L;

    private final List<String> tokens;
    private final Map<String, Runner> byToken = new LinkedHashMap<>();
    private final Map<Long, Runner> byId = new HashMap<>();

    Runners(SimulatorContext context) {
        tokens = context.tokens().hexFamily(ShithubProtocol.NAME, context.config().tokens());
        for (String token : tokens) {
            int number = byToken.size();
            Runner runner = new Runner(FIRST_ID + number, ShithubProtocol.NAME + "-" + (number + 1), token);
            byToken.put(token, runner);
            byId.put(runner.id, runner);
        }
    }

    List<String> tokens() {
        return tokens;
    }

    Collection<Runner> all() {
        return byToken.values();
    }

    @Nullable
    Runner byToken(String token) {
        return byToken.get(token);
    }

    @Nullable
    Runner byId(long id) {
        return byId.get(id);
    }
}
