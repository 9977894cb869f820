package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Control planes and an object store on one real HTTP server, with faults and a ledger. Each protocol is served below
 * its own path ({@link #url}); the store at {@code /store/}; {@code /_sim/health} and {@code /_sim/ledger} tell how it
 * goes. Make it anywhere that may read classes and files; everything else never blocks.
 */
public final class Simulator {
    private static final Duration RESTART_LENGTH = Duration.ofSeconds(1);

    private final SimulatorConfig config;
    private final Ledger ledger;
    private final Map<String, SimulatedControlPlane> planes = new LinkedHashMap<>();
    private final SimulatorContext context;
    private final Listener listener;
    private final Disposable.Composite restarts = Disposables.composite();

    /**
     * Makes the control planes, their jobs and tokens; nothing listens yet.
     *
     * @throws IllegalArgumentException when a protocol is unknown; the message lists those that are there
     */
    public Simulator(SimulatorConfig config) {
        Json.warm();
        this.config = config;
        ledger = new Ledger(config.clock());
        FaultDice dice = new FaultDice(config.faults(), config.seed());
        ObjectStore store = new ObjectStore(new UrlSigner(config.seed()), config.urlLifetime(),
                () -> config.clock().now().plus(dice.skew()), config.keepContentBytes());
        context = new SimulatorContext(config, ledger, store, new Tokens(config.seed()), dice.skew());
        Map<String, SimulatedProtocol> known = known();
        for (String name : config.protocols()) {
            SimulatedProtocol protocol = known.get(name);
            if (protocol == null) {
                throw new IllegalArgumentException(
                        "the simulator does not know the protocol " + name + "; it knows " + known.keySet());
            }
            planes.put(name, protocol.open(context));
        }
        Dispatcher dispatcher = new Dispatcher(context, dice, planes, Schedulers.parallel(), this::restartByFault);
        listener = new Listener(config, dispatcher::handle);
    }

    /** The names of all protocols that can be played. */
    public static List<String> protocols() {
        return List.copyOf(known().keySet());
    }

    /** Starts to listen; ends in an error when the address is taken. Subscribe once. */
    public Mono<Simulator> start() {
        return listener.bind().doOnNext(port -> context.store().startsAt(base()))
                .doOnNext(port -> ledger.opened()).thenReturn(this);
    }

    /** Stops to listen and closes all connections; safe to repeat. The ledger can still be read. */
    public Mono<Void> stop() {
        return Mono.defer(() -> {
            restarts.dispose();
            return listener.close();
        }).doFinally(end -> ledger.close());
    }

    /**
     * Closes the listening socket and all connections, and listens again at the same port after that time. All state is
     * kept. Completes when it listens again.
     */
    public Mono<Void> restart(Duration down) {
        return Mono.defer(() -> {
            ledger.fault(Fault.RESTART);
            ledger.outage();
            return listener.restart(down).doOnSuccess(done -> ledger.outage());
        });
    }

    /** Where this protocol is served: what goes into a fleet's configuration as {@code url}. */
    public URI url(String protocol) {
        return URI.create(base() + plane(protocol).basePath());
    }

    /** The root of everything; {@code /_sim/ledger} is below it. */
    public URI base() {
        return URI.create("http://" + config.urlHost() + ":" + listener.port());
    }

    /** The tokens of this protocol's runners. */
    public List<String> tokens(String protocol) {
        return plane(protocol).tokens();
    }

    /** A line of a fleet's credentials file for each runner of this protocol. */
    public List<String> credentials(String protocol) {
        return plane(protocol).credentials();
    }

    /** The ID tokens of those who may make and revoke runners of this protocol, by name; empty when it has no such call. */
    public Map<String, String> idTokens(String protocol) {
        return plane(protocol).idTokens();
    }

    /** Queues more jobs of this protocol now. */
    public void enqueue(String protocol, int jobs) {
        plane(protocol).enqueue(jobs);
    }

    /** What was seen, and the judgement on it. */
    public Ledger ledger() {
        return ledger;
    }

    /** The artifacts. */
    public ObjectStore store() {
        return context.store();
    }

    /** What it was made from. */
    public SimulatorConfig config() {
        return config;
    }

    private void restartByFault() {
        restarts.add(restart(RESTART_LENGTH).subscribe(done -> {}, e -> ledger.violation(Violation.SIMULATOR_ERROR,
                "none", "restart", "it did not come back: " + e)));
    }

    private SimulatedControlPlane plane(String protocol) {
        SimulatedControlPlane plane = planes.get(protocol);
        if (plane == null) {
            throw new IllegalArgumentException("this simulator does not play " + protocol);
        }
        return plane;
    }

    private static Map<String, SimulatedProtocol> known() {
        Map<String, SimulatedProtocol> known = new TreeMap<>();
        for (SimulatedProtocol protocol : ServiceLoader.load(SimulatedProtocol.class,
                Simulator.class.getClassLoader())) {
            known.put(protocol.name(), protocol);
        }
        return known;
    }
}
