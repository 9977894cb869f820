package dev.coxswain.supervisor.simulator.workspace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.simulator.LeaseQueue;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/**
 * Whose runners a job is for: everybody's ({@code global}), or those of one user (contract xenonflare-workspace 2). Each
 * has a queue of its own, so that no runner ever sees another one's job.
 */
record Target(String name, LeaseQueue<Conversation> queue) {
    private static final int USERS = 2;

    /**
     * The runners' tokens, each with its target: every other one is a user's, in turn of two users, the others are
     * global. In this order jobs are shared out, so that none waits for a runner that does not exist.
     */
    static Map<String, Target> byToken(SimulatorContext context) {
        int tokens = context.config().tokens();
        List<String> ofUsers = context.tokens().family("workspace-user", (tokens + 1) / 2);
        List<String> global = context.tokens().family("workspace-global", tokens / 2);
        Target everybody = target("global", context);
        List<Target> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(target("user", context));
        }
        Map<String, Target> byToken = new LinkedHashMap<>();
        for (int i = 0; i < ofUsers.size(); i++) {
            byToken.put(ofUsers.get(i), users.get(i % USERS));
            if (i < global.size()) {
                byToken.put(global.get(i), everybody);
            }
        }
        return byToken;
    }

    /** A target with an empty queue. */
    static Target target(String name, SimulatorContext context) {
        return new Target(name,
                new LeaseQueue<>(WorkspaceProtocol.NAME, context.config().clock(), context.ledger()));
    }
}
