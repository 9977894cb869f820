package dev.coxswain.supervisor.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Finds who serves a request. */
final class Router {
    /** A control plane with its name and the tokens that are its own. */
    record Plane(String name, SimulatedControlPlane plane, Set<String> tokens) {}

    /** Where a request goes. */
    sealed interface Target {
        /** The name for the ledger. */
        String protocol();

        /** What the request is for. */
        CallKind kind();

        /** The object store. */
        record Store(CallKind kind) implements Target {
            @Override
            public String protocol() {
                return StoreEndpoint.PROTOCOL;
            }
        }

        /** An endpoint of a control plane. */
        record Endpoint(Plane plane, Route route, Map<String, String> params) implements Target {
            @Override
            public String protocol() {
                return plane.name();
            }

            @Override
            public CallKind kind() {
                return route.kind();
            }
        }

        /** Nothing: 404, or 405 when only the method is wrong. */
        record Nothing(String protocol, Answer answer) implements Target {
            @Override
            public CallKind kind() {
                return CallKind.OTHER;
            }
        }
    }

    private final List<Plane> planes = new ArrayList<>();

    Router(Map<String, SimulatedControlPlane> planes) {
        planes.forEach((name, plane) -> this.planes.add(new Plane(name, plane, Set.copyOf(plane.tokens()))));
    }

    /** Whose credential this Authorization header holds, if a control plane gave it out with a job. */
    @Nullable
    String holder(String authorization) {
        for (Plane plane : planes) {
            String holder = plane.plane().holder(authorization);
            if (holder != null) {
                return holder;
            }
        }
        return null;
    }

    /** Whether the text holds a credential that a control plane gave out with a job. */
    boolean leaks(String text) {
        return planes.stream().anyMatch(plane -> plane.plane().leaks(text));
    }

    /** Where a request with this method and path goes. */
    Target find(String method, String path) {
        if (path.startsWith(ObjectStore.BASE)) {
            return new Target.Store(method.equals("PUT") ? CallKind.PUT : CallKind.OTHER);
        }
        for (Plane plane : planes) {
            if (path.startsWith(plane.plane().basePath() + "/")) {
                return find(plane, method, path.substring(plane.plane().basePath().length()));
            }
        }
        return new Target.Nothing("none", Answer.error(404, "nothing is served here"));
    }

    private static Target find(Plane plane, String method, String below) {
        List<String> allowed = new ArrayList<>();
        for (Route route : plane.plane().routes()) {
            Optional<Map<String, String>> params = route.match(below);
            if (params.isPresent() && route.method().equals(method)) {
                return new Target.Endpoint(plane, route, params.get());
            }
            params.ifPresent(other -> allowed.add(route.method()));
        }
        Answer answer = allowed.isEmpty()
                ? plane.plane().error(404, "not found")
                : plane.plane().error(405, "method not allowed").withHeader("Allow", String.join(", ", allowed));
        return new Target.Nothing(plane.name(), answer);
    }
}
