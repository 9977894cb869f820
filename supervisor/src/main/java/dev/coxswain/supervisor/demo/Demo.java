package dev.coxswain.supervisor.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.coxswain.supervisor.ProcessSignals;
import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** One demo, from nothing to the table at its end. Blocks: it is the main thread's work. */
public final class Demo {
    static final String STUDIO = "xenonflare-studio";
    static final String WORKSPACE = "xenonflare-workspace";
    static final String MODEL = "responses-model";
    static final String OORE = "oore";
    static final String SHITHUB = "shithub";
    private static final Duration LONGEST = Duration.ofHours(12);

    private final DemoOptions options;
    private final PrintWriter out;
    private final List<String> protocols = new ArrayList<>(List.of(STUDIO, WORKSPACE));

    public Demo(DemoOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    /** Plays it; returns whether every job was settled exactly once and nothing was left behind. */
    public boolean run() {
        try (DemoFiles files = new DemoFiles()) {
            Optional<LocalRepository> repository = files.repository();
            if (repository.isPresent()) {
                protocols.addAll(List.of(OORE, SHITHUB));
            } else {
                out.println("there is no git here, so the demo goes without Oore CI and shithub Actions");
            }
            List<String> simulated = new ArrayList<>(protocols);
            simulated.add(MODEL);
            SimulatorConfig config = SimulatorConfig.defaults().withProtocols(simulated)
                    .withJobs(options.jobs() / protocols.size()).withTokens(options.runners())
                    .withTopics(files.topics()).withSeed(options.seed())
                    .withFaults(FaultProfile.named(options.faults()));
            Simulator simulator = new Simulator(repository.map(config::withRepository).orElse(config));
            simulator.enqueue(STUDIO, options.jobs() % protocols.size());
            simulator.start().block();
            try {
                return play(files, simulator);
            } finally {
                simulator.stop().block();
            }
        }
    }

    private boolean play(DemoFiles files, Simulator simulator) {
        int slots = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        Path file = files.configuration(simulator, slots, protocols.contains(OORE));
        FleetFileLoader loader = new FleetFileLoader();
        Supervisor supervisor = Objects
                .requireNonNull(Supervisor.start(() -> loader.load(file, System.getenv()), System.getenv()).block());
        ProcessSignals.listen(name -> supervisor.fleet().drain(), "TERM", "INT");
        out.printf("%d jobs, %d runners of each control plane, %d slots, faults %s, seed %d%n", options.jobs(),
                options.runners(), slots,
                options.faults(), options.seed());
        out.println("admin   " + supervisor.endpoints().admin() + "/api/v1/status");
        out.println("metrics " + supervisor.endpoints().metrics() + "/metrics");
        out.println("ledger  " + simulator.base() + "/_sim/ledger");
        DemoFunctions functions = new DemoFunctions(Objects.requireNonNull(supervisor.endpoints().coderunner()),
                files.functions(), options.once());
        out.println("coderun " + supervisor.endpoints().coderunner() + "/openapi.json");
        out.flush();
        Disposable progress = progress(simulator);
        Mono<Void> played = functions.play().cache();
        Disposable playing = played.subscribe(done -> {},
                failure -> out.println("functions are not called any more: " + failure));
        try {
            end(simulator, supervisor, played);
        } finally {
            progress.dispose();
            playing.dispose();
            supervisor.stop().block();
        }
        out.println(functions.summary());
        return judge(files, simulator) && (!options.once() || functions.isGood());
    }

    private Disposable progress(Simulator simulator) {
        Progress progress = new Progress(out, options.terminal());
        return simulator.ledger().settled().subscribe(job -> {
            progress.show(job.settled(), job.total());
            if (!options.once()) {
                simulator.enqueue(job.job().protocol(), 1);
            }
        }, failure -> out.println("progress is not shown any more: " + failure));
    }

    /** With {@code --once} the last settled job ends it; a signal does so always. */
    private void end(Simulator simulator, Supervisor supervisor, Mono<Void> played) {
        Mono<Void> over = options.once() ? Mono.when(simulator.ledger().whenAllSettled(), played) : Mono.never();
        Mono.firstWithSignal(over, supervisor.fleet().whenDraining()).block(LONGEST);
        supervisor.fleet().drain();
        supervisor.drained().block();
    }

    private boolean judge(DemoFiles files, Simulator simulator) {
        Summary.print(out, simulator.ledger(), protocols);
        out.printf("answered by a model: %d requests%n", simulator.ledger().requests(MODEL));
        long processes = files.processesLeft();
        long folders = files.foldersLeft();
        boolean settled = options.once()
                ? simulator.ledger().verdict().clean()
                : simulator.ledger().verdict().violations().values().stream().allMatch(count -> count == 0);
        boolean clean = settled && processes == 0 && folders == 0;
        out.printf("processes left: %d, folders left: %d%n", processes, folders);
        out.println(clean ? "the ledger is clean" : "the ledger is NOT clean");
        out.flush();
        return clean;
    }
}
