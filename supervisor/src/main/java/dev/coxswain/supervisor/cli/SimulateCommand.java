package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.ProcessSignals;
import dev.coxswain.supervisor.simulator.FaultFile;
import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cox simulate}. */
@Command(name = "simulate", mixinStandardHelpOptions = true, description = "Plays control planes and an object store, with a ledger at /_sim/ledger.")
final class SimulateCommand implements Callable<Integer> {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "default: ${DEFAULT-VALUE}")
    private String listen = "127.0.0.1:8700";

    @Option(names = "--protocol", arity = "1..*", paramLabel = "P", description = "default: all that are known")
    private List<String> protocols = List.of();

    @Option(names = "--jobs", paramLabel = "N", description = "jobs of each protocol; default: ${DEFAULT-VALUE}")
    private int jobs = 100;

    @Option(names = "--runners", paramLabel = "N", description = "tokens of each protocol; default: ${DEFAULT-VALUE}")
    private int runners = 8;

    @Option(names = "--faults", paramLabel = "FILE", description = "a fault file (JSON), or the name of a profile; default: none")
    private String faults = "none";

    @Option(names = "--seed", paramLabel = "N", description = "what faults and tokens come from; default: from the clock")
    private @Nullable Long seed;

    @Option(names = "--tokens-file", paramLabel = "FILE", description = "also writes the tokens there, one a line, as a credentials file; with several protocols, one file each: FILE.PROTOCOL; an ID token, where runners can be made, is in FILE.id-token beside it")
    private @Nullable Path tokensFile;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Simulator simulator = Objects.requireNonNull(new Simulator(config()).start().block());
        out.println("seed " + simulator.config().seed() + ", faults " + simulator.config().faults().name());
        for (String protocol : simulator.config().protocols()) {
            out.println(protocol + " " + simulator.url(protocol));
            simulator.credentials(protocol).forEach(line -> out.println("  token " + line));
            if (tokensFile != null) {
                Path file = tokensFile(tokensFile, protocol, simulator.config().protocols());
                write(file, simulator.credentials(protocol));
                out.println("  written to " + file);
            }
            announcePeople(out, protocol, simulator.idTokens(protocol));
        }
        out.println("ledger " + simulator.base() + "/_sim/ledger");
        out.println("ready; SIGINT (Ctrl-C) or SIGTERM ends it and prints the verdict");
        out.flush();
        CountDownLatch stopped = new CountDownLatch(1);
        ProcessSignals.listen(name -> stopped.countDown(), "TERM", "INT");
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        simulator.stop().block();
        out.println(simulator.ledger().verdict().toJson());
        out.flush();
        return ExitCodes.CLEAN;
    }

    private void announcePeople(PrintWriter out, String protocol, Map<String, String> idTokens) {
        idTokens.forEach((person, token) -> out.println("  ID token of " + person + " " + token));
        if (tokensFile != null && !idTokens.isEmpty()) {
            Path file = tokensFile(tokensFile, protocol, simulatedProtocols());
            Path idToken = file.resolveSibling(file.getFileName() + ".id-token");
            write(idToken, List.of(idTokens.values().iterator().next()));
            out.println("  the first one is written to " + idToken);
        }
    }

    private List<String> simulatedProtocols() {
        return protocols.isEmpty() ? Simulator.protocols() : protocols;
    }

    private SimulatorConfig config() {
        int colon = listen.lastIndexOf(':');
        if (colon < 1 || !listen.substring(colon + 1).matches("\\d{1,5}")) {
            throw new CliException("--listen is HOST:PORT, not " + listen);
        }
        FaultFile file = faultFile();
        long chosen = seed != null ? seed : file.seed().orElse(System.nanoTime());
        try {
            return SimulatorConfig.defaults()
                    .withListen(listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)))
                    .withProtocols(simulatedProtocols()).withJobs(jobs)
                    .withTokens(runners).withSeed(chosen).withFaults(file.profile());
        } catch (IllegalArgumentException e) {
            throw new CliException(String.valueOf(e.getMessage()));
        }
    }

    private FaultFile faultFile() {
        try {
            return FaultProfile.names().contains(faults)
                    ? new FaultFile(OptionalLong.empty(), FaultProfile.named(faults))
                    : FaultFile.parse(Files.readString(Path.of(faults)));
        } catch (IOException e) {
            throw new CliException("--faults: " + faults + " is no profile (" + FaultProfile.names()
                    + ") and can't be read as a file");
        } catch (IllegalArgumentException e) {
            throw new CliException("--faults " + faults + ": " + e.getMessage());
        }
    }

    /** One control plane's tokens are nothing to another one, so they never share a credentials file. */
    static Path tokensFile(Path asked, String protocol, List<String> all) {
        return all.size() == 1 ? asked : asked.resolveSibling(asked.getFileName() + "." + protocol);
    }

    private static void write(Path file, List<String> tokens) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            Files.setPosixFilePermissions(file, OWNER_ONLY);
            Files.write(file, tokens);
        } catch (IOException e) {
            throw new CliException("--tokens-file: the tokens can't be written to " + file + " (" + e + ")");
        }
    }
}
