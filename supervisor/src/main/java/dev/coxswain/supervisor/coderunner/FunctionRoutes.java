package dev.coxswain.supervisor.coderunner;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.coderunner.access.Access;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The URLs that deployments are called by: {@code /fn/{definitionId}} and {@code /fn/d/{deploymentId}}, with any path and
 * query behind (contract section 9).
 */
final class FunctionRoutes {
    static final String ROOT = "/fn/";
    static final String EXECUTION_HEADER = "x-coderunner-execution-id";

    private final Store store;
    private final Access access;
    private final boolean isPublic;
    private final TrustedProxies proxies;
    private final FunctionCalls calls;
    private final Services services;
    private final Proxy proxy;
    private volatile boolean draining;

    /** @param isPublic whether anybody may call */
    FunctionRoutes(Store store, Access access, boolean isPublic, TrustedProxies proxies, FunctionCalls calls,
            Services services, Proxy proxy) {
        this.store = store;
        this.access = access;
        this.isPublic = isPublic;
        this.proxies = proxies;
        this.calls = calls;
        this.services = services;
        this.proxy = proxy;
    }

    /** From now on nothing new is begun. */
    void drain() {
        draining = true;
    }

    Mono<Reply> answer(HttpServerRequest request, QueryStringDecoder uri) {
        if (draining) {
            return Mono.error(Refusal.unavailable("the server is about to stop", 5));
        }
        Mono<Optional<Caller>> caller = isPublic
                ? Mono.just(Optional.empty())
                : Router.identified(access.check(request.requestHeaders())).map(Optional::of);
        return caller.flatMap(known -> {
            Target target = Target.of(uri.rawPath());
            return store.read(sql -> found(sql, target, known.orElse(null)))
                    .flatMap(found -> answer(request, uri, target, found));
        });
    }

    private static Runnables.Found found(Sql sql, Target target, @Nullable Caller caller) throws SQLException {
        Deployment deployment = target.pinned
                ? DeploymentRows.any(sql, target.id)
                : DeploymentRows.active(sql, target.id);
        if (deployment == null || !deployment.type().hasEndpoint() || !deployment.wanted()
                || (caller != null && !caller.tenant().equals(deployment.tenant()))) {
            throw Refusal.notFound("function");
        }
        return Runnables.deployed(sql, deployment);
    }

    private Mono<Reply> answer(HttpServerRequest request, QueryStringDecoder uri, Target target,
            Runnables.Found found) {
        HttpHeaders headers = ForwardedHeaders.toUserCode(request, isPublic, proxies);
        return found.definition().type() == DeploymentType.FUNCTION
                ? calls.answer(request, uri, target.rest, headers, found)
                : Mono.fromSupplier(() -> proxied(request, uri, target, headers,
                        Objects.requireNonNull(found.deployment())));
    }

    private Reply proxied(HttpServerRequest request, QueryStringDecoder uri, Target target, HttpHeaders headers,
            Deployment deployment) {
        Services.Live live = services.live(deployment.id());
        if (live == null) {
            throw Refusal.unavailable("the deployment is starting", 1);
        }
        String query = uri.rawQuery();
        return proxy.reply(request, target.rest + (query.isEmpty() ? "" : "?" + query), headers, live);
    }

    /**
     * What a path names.
     *
     * @param pinned whether the id is a deployment's
     * @param rest what follows it, as it was sent; {@code /} at least
     */
    private record Target(boolean pinned, UUID id, String rest) {
        static Target of(String rawPath) {
            String path = rawPath.substring(ROOT.length());
            boolean pinned = path.startsWith("d/");
            String named = pinned ? path.substring(2) : path;
            int end = named.indexOf('/');
            UUID id = Fields.idOrNull(end < 0 ? named : named.substring(0, end));
            if (id == null) {
                throw Refusal.notFound("function");
            }
            return new Target(pinned, id, end < 0 ? "/" : named.substring(end));
        }
    }
}
