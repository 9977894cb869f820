package dev.coxswain.supervisor.simulator.shithub;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;
import dev.coxswain.supervisor.simulator.git.GitRepository;
import dev.coxswain.supervisor.simulator.git.GitRequestException;
import dev.coxswain.supervisor.simulator.git.LocalUploadPack;
import dev.coxswain.supervisor.simulator.git.UploadPack;
import reactor.core.publisher.Mono;

/**
 * The checkout (contract shithub-actions 11): to whoever names any user and has a running job's checkout token as the
 * password, only to fetch.
 */
final class Checkout {
    private static final String RECEIVE_PACK = "git-receive-pack";

    private final SimulatorContext context;
    private final Jobs jobs;
    private final JobTokens tokens;
    private final Chain chain;
    private final UploadPack git;
    private final @Nullable LocalUploadPack real;

    @FunctionalInterface
    private interface Endpoint {
        Mono<Answer> answer(Call call);
    }

    Checkout(SimulatorContext context, Jobs jobs, JobTokens tokens, Chain chain, GitRepository repository) {
        this.context = context;
        this.jobs = jobs;
        this.tokens = tokens;
        this.chain = chain;
        git = new UploadPack(repository);
        LocalRepository local = context.config().repository();
        real = local == null ? null : new LocalUploadPack(local);
    }

    List<Route> routes() {
        String root = Documents.REPOSITORY_PATH;
        return List.of(route("GET", root + "/info/refs", this::refs),
                route("POST", root + "/" + UploadPack.SERVICE, this::pack),
                route("POST", root + "/" + RECEIVE_PACK,
                        call -> Mono.just(refusal(403, "this token is for fetches only").answer())));
    }

    private Route route(String method, String path, Endpoint endpoint) {
        return Route.of(method, path, CallKind.READ, call -> Mono.defer(() -> {
            check(call);
            return endpoint.answer(call);
        }).onErrorResume(RefusedException.class, e -> Mono.just(e.answer())).onErrorResume(GitRequestException.class,
                e -> Mono.just(refusal(400, String.valueOf(e.getMessage())).answer())));
    }

    private Mono<Answer> refs(Call call) {
        if (call.uri().endsWith("?service=" + RECEIVE_PACK)) {
            throw refusal(403, "this token is for fetches only");
        }
        if (!call.uri().endsWith("?service=" + UploadPack.SERVICE)) {
            throw refusal(403, "only the smart protocol is spoken");
        }
        return real == null ? Mono.just(git.refs()) : real.refs(call);
    }

    private Mono<Answer> pack(Call call) {
        return real == null ? Mono.fromSupplier(() -> git.pack(call)) : real.pack(call);
    }

    private void check(Call call) {
        String password = Authorization.password(call.header("authorization"));
        JobTokens.Claims claims = password == null ? null : tokens.read(password);
        boolean foreign = password != null && (claims == null
                ? context.tokens().holder(password) != null
                : !claims.purpose().equals(JobTokens.CHECKOUT));
        if (foreign) {
            context.ledger().violation(Violation.SECRET_SEEN, ShithubProtocol.NAME, "checkout",
                    "a token that is none for a checkout");
        }
        if (claims == null || foreign || chain.expired(claims) || !runs(claims)) {
            RefusedException refused = refusal(401, "authentication required");
            throw new RefusedException(String.valueOf(refused.getMessage()),
                    refused.answer().withHeader("WWW-Authenticate", "Basic realm=\"shithub\""));
        }
    }

    private boolean runs(JobTokens.Claims claims) {
        synchronized (jobs) {
            Job job = jobs.find(claims.job());
            Runner runner = job == null ? null : job.runner;
            return job != null && runner != null && job.phase == Phase.RUNNING && runner.id == claims.runner()
                    && job.run.id == claims.run() && claims.repository() == Documents.REPOSITORY_ID;
        }
    }

    private static RefusedException refusal(int status, String message) {
        return GoJson.refusal(status, message);
    }
}
