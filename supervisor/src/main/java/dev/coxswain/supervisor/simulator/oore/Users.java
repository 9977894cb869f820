package dev.coxswain.supervisor.simulator.oore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/** The people who use the daemon, each with a token and the rights of their role (contract oore-ci 3). */
final class Users {
    private static final String BEARER = "Bearer ";

    /** Who may do what with runners. */
    enum Role {
        OWNER(true, true), DEVELOPER(true, false), QA_VIEWER(false, false);

        final boolean reads;
        final boolean writes;

        Role(boolean reads, boolean writes) {
            this.reads = reads;
            this.writes = writes;
        }
    }

    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();

    Users(SimulatorContext context) {
        for (Role role : List.of(Role.OWNER, Role.DEVELOPER, Role.QA_VIEWER)) {
            String name = "oore-" + role.name().toLowerCase(Locale.ROOT).replace('_', '-');
            String token = context.tokens().hexFamily(name, 1).getFirst();
            tokens.put(name, token);
            roles.put(token, role);
        }
    }

    Map<String, String> tokens() {
        return Collections.unmodifiableMap(tokens);
    }

    boolean gaveOut(String token) {
        return roles.containsKey(token);
    }

    Role role(Call call) {
        Role role = roles.get(bearer(call));
        if (role == null) {
            throw Refusal.of(401, "invalid_session", "the session is unknown or over");
        }
        return role;
    }

    static RefusedException forbidden() {
        return Refusal.of(403, "permission_denied", "your role must not do that");
    }

    /** The token behind exactly {@code Bearer} and one space. */
    static String bearer(Call call) {
        String value = call.header("authorization");
        if (value == null || !value.startsWith(BEARER)) {
            throw Refusal.of(401, "missing_auth", "an Authorization header is required");
        }
        return value.substring(BEARER.length());
    }
}
