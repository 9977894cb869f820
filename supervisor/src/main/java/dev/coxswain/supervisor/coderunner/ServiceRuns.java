package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import io.netty.channel.ChannelOption;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * Runs a service again and again: queue an execution, wait until it listens, wait for its end, pause. The pause is 1 s,
 * doubling to 60 s while it ends quickly; the fifth quick end shows in the deployment's status (contract section 8).
 */
final class ServiceRuns {
    static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRuns.class);
    /** One that ran so long was no quick end. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_SECONDS = 60;
    private static final int MOST_QUICK_ENDS = 5;

    private final Store store;
    private final Executions executions;
    private final Ports ports;
    private final Scheduler files;
    private final FleetClock clock;
    private final Scheduler timer;
    private final Function<Integer, Mono<Boolean>> listens;

    /** @param listens tells whether somebody listens on a port of this host */
    ServiceRuns(Store store, Executions executions, Ports ports, Scheduler files, FleetClock clock, Scheduler timer,
            Function<Integer, Mono<Boolean>> listens) {
        this.store = store;
        this.executions = executions;
        this.ports = ports;
        this.files = files;
        this.clock = clock;
        this.timer = timer;
        this.listens = listens;
    }

    /** Whether a connection can be made, at most a second long. */
    static Function<Integer, Mono<Boolean>> byConnecting(LoopResources loops) {
        return port -> TcpClient.newConnection().runOn(loops).host("127.0.0.1").port(port)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 1_000).connect().map(connection -> {
                    connection.dispose();
                    return true;
                }).onErrorReturn(false);
    }

    /**
     * Keeps it running; never completes. Cancelling starts nothing any more, and leaves what runs to {@link #end}.
     *
     * @param gone told null when the process that listened has ended
     * @param ready carried out when a process listens
     */
    Mono<Void> keep(Deployment deployment, Consumer<Services.@Nullable Live> gone,
            Function<Services.Live, Mono<Void>> ready) {
        return Mono.defer(() -> {
            Ends ends = new Ends();
            return Mono.defer(() -> attempt(deployment, gone, ready)).onErrorResume(e -> {
                LOG.warn("a deployment was not started: deployment={} {}", deployment.id(), e.getMessage());
                return Mono.just(new Ended(false, String.valueOf(e.getMessage())));
            }).flatMap(ended -> told(deployment, ends.after(ended), ended)).repeat().then();
        });
    }

    /** Stops what runs of it now. */
    Mono<Void> end(UUID deployment) {
        return Mono.defer(() -> {
            ExecutionEnd stopped = ExecutionEnd.cancelled("Stopped", "the deployment was stopped");
            return store.read(sql -> ExecutionRows.servicesOf(sql, deployment)).flatMapMany(Flux::fromIterable)
                    .concatMap(id -> executions.stop(id, stopped)).then();
        });
    }

    private Mono<Ended> attempt(Deployment deployment, Consumer<Services.@Nullable Live> gone,
            Function<Services.Live, Mono<Void>> ready) {
        return Mono.usingWhen(Mono.fromCallable(ports::take).subscribeOn(files),
                port -> submitted(deployment, port)
                        .flatMap(ticket -> run(ticket, new Services.Live(port, ticket.id()), ready)
                                .doFinally(end -> gone.accept(null))),
                port -> Mono.fromRunnable(() -> ports.giveBack(port)));
    }

    private Mono<Ticket> submitted(Deployment deployment, int port) {
        return store.write(sql -> {
            Deployment now = DeploymentRows.any(sql, deployment.id());
            if (now == null) {
                throw new StoreException("the deployment is gone", null);
            }
            // one that was active in a former life is not until it listens again
            if (now.status() == DeploymentStatus.PENDING || now.status() == DeploymentStatus.COMPLETED) {
                DeploymentRows.status(sql, now.id(), DeploymentStatus.PROCESSING, null);
            }
            return new Submission(Ids.next(), now, Objects.requireNonNull(DefinitionRows.any(sql, now.definitionId())),
                    Objects.requireNonNull(VersionRows.any(sql, now.versionId())), now.size(), Trigger.DEPLOYMENT,
                    Submission.Kind.SERVICE, null, port, "null", false, null);
        }).flatMap(executions::submit);
    }

    private Mono<Ended> run(Ticket ticket, Services.Live live, Function<Services.Live, Mono<Void>> ready) {
        return ticket.started().then(Mono.defer(() -> {
            long since = clock.nanos();
            Mono<Ended> end = ticket.end().map(how -> new Ended(
                    clock.nanos() - since >= LONG_ENOUGH.toNanos(), said(how)));
            // the probe ends with the process; the process does not end with the probe
            Mono<Void> probe = listening(live.port()).timeout(READY_WITHIN, Mono.error(TimeoutException::new), timer)
                    .then(Mono.defer(() -> ready.apply(live))).onErrorResume(e -> executions.stop(live.execution(),
                            ExecutionEnd.failed("NotReady", e instanceof TimeoutException
                                    ? "nothing listened on PORT within " + READY_WITHIN.toSeconds() + " s"
                                    : "it could not be made the active one"))
                            .then());
            return Flux.merge(probe.then(Mono.<Ended>empty()), end).next();
        }));
    }

    private Mono<Void> listening(int port) {
        return Mono.defer(() -> listens.apply(port)).filter(yes -> yes)
                .repeatWhenEmpty(tries -> tries.delayElements(LOOK, timer)).then();
    }

    private static String said(ExecutionEnd how) {
        return how.status() == ExecutionStatus.COMPLETED
                ? "the program ended by itself" + (how.exitCode() == null ? "" : " with exit code " + how.exitCode())
                : how.reason() + ": " + how.message();
    }

    private Mono<Void> told(Deployment deployment, int quick, Ended ended) {
        boolean failing = quick >= MOST_QUICK_ENDS || ended.why().startsWith("NotReady");
        Mono<Void> status = store.write(sql -> {
            Deployment now = DeploymentRows.any(sql, deployment.id());
            if (failing) {
                DeploymentRows.status(sql, deployment.id(), DeploymentStatus.FAILED, ended.why()
                        + "; it is started again and again");
            } else if (now != null && now.status() != DeploymentStatus.FAILED) {
                // nothing answers until it listens again: it is starting, and not active (contract section 8)
                DeploymentRows.status(sql, deployment.id(), DeploymentStatus.PROCESSING, ended.why()
                        + "; it is started again");
            }
            return true;
        }).then().onErrorResume(e -> {
            LOG.warn("a deployment's status was not stored: deployment={} {}", deployment.id(), e.getMessage());
            return Mono.empty();
        });
        long pause = quick == 0 ? 1 : Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(quick - 1, 6));
        LOG.info("deployment's process ended, next start in {} s: deployment={} {}", pause, deployment.id(),
                ended.why());
        return status.then(Mono.delay(Duration.ofSeconds(pause), timer)).then();
    }

    /** How one run ended. */
    private record Ended(boolean longEnough, String why) {}

    /** Quick ends in a row; for one run at a time. */
    private static final class Ends {
        private int quick;

        int after(Ended ended) {
            quick = ended.longEnough() ? 0 : quick + 1;
            return quick;
        }
    }
}
