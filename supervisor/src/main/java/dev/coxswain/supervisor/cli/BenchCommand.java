package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.coxswain.supervisor.bench.Bench;
import dev.coxswain.supervisor.bench.FunctionsBench;
import dev.coxswain.supervisor.bench.IdleBench;
import dev.coxswain.supervisor.bench.JournalBench;
import dev.coxswain.supervisor.bench.LifecycleBench;
import dev.coxswain.supervisor.bench.LogsBench;
import dev.coxswain.supervisor.bench.PickupBench;
import dev.coxswain.supervisor.bench.SpawnBench;
import dev.coxswain.supervisor.bench.UploadsBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures the engine beside references, all on this host's loopback.")
final class BenchCommand implements Runnable {
    private static final int WARMUPS = 6;
    private static final int SPAWN_WARMUPS = 60;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which bench?");
    }

    @Command(mixinStandardHelpOptions = true, description = "Lease, heartbeat, complete: engine, minimal loop, virtual threads.")
    int lifecycle(@Mixin Output output,
            @Option(names = "--runners", paramLabel = "N", defaultValue = "1000", description = "default: ${DEFAULT-VALUE}") int runners,
            @Option(names = "--in-flight", paramLabel = "N", defaultValue = "0", description = "jobs and connections at once; default: 64, from 10000 runners 256") int inFlight,
            @Option(names = "--jobs", paramLabel = "N", defaultValue = "10000", description = "in one window; default: ${DEFAULT-VALUE}") int jobs,
            @Option(names = "--warmups", paramLabel = "N", defaultValue = "40", description = "most windows before those that count; default: ${DEFAULT-VALUE}") int warmups,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows,
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "240", description = "for all of it; a cold JVM costs up to three times as much; default: ${DEFAULT-VALUE}") int seconds) {
        Limits.check("--runners", runners, 1, 100_000);
        Limits.check("--seconds", seconds, 1, 86_400);
        Limits.check("--in-flight", inFlight, 0, 4_096);
        Limits.check("--jobs", jobs, 1, 10_000_000);
        Limits.check("--warmups", warmups, 0, 1_000);
        Limits.check("--windows", windows, 1, 1_000);
        int connections = inFlight > 0 ? inFlight : runners >= 10_000 ? 256 : 64;
        return output.print(new LifecycleBench(runners, connections, jobs, warmups, windows, seconds), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "Memory and CPU of runners without a job, lateness of timers, price of a poll.")
    int idle(@Mixin Output output,
            @Option(names = "--runners", paramLabel = "N", split = ",", defaultValue = "1000,10000,100000", description = "sizes; default: ${DEFAULT-VALUE}") List<Integer> runners,
            @Option(names = "--tokens", paramLabel = "N", split = ",", defaultValue = "10,100", description = "whole processes with so many workspace tokens; default: ${DEFAULT-VALUE}") List<Integer> tokens,
            @Option(names = "--token-seconds", paramLabel = "N", defaultValue = "45", description = "until their memory is looked at; default: ${DEFAULT-VALUE}") int tokenSeconds,
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "5", description = "each size is watched; default: ${DEFAULT-VALUE}") int seconds,
            @Option(names = "--polls", paramLabel = "N", defaultValue = "20000", description = "in one window; default: ${DEFAULT-VALUE}") int polls,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows) {
        runners.forEach(size -> Limits.check("--runners", size, 1, 1_000_000));
        Limits.check("--seconds", seconds, 1, 600);
        Limits.check("--polls", polls, 1, 10_000_000);
        Limits.check("--windows", windows, 1, 1_000);
        tokens.forEach(count -> Limits.check("--tokens", count, 1, 1_000));
        Limits.check("--token-seconds", tokenSeconds, 1, 600);
        return output.print(new IdleBench(runners, tokens, seconds, tokenSeconds, polls, WARMUPS, windows), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "Time from queued to leased, beside asking at a fixed interval as often.")
    int pickup(@Mixin Output output,
            @Option(names = "--runners", paramLabel = "N", defaultValue = "50", description = "default: ${DEFAULT-VALUE}") int runners,
            @Option(names = "--requests-per-second", paramLabel = "N", defaultValue = "50", description = "the engine's budget; default: ${DEFAULT-VALUE}") int perSecond,
            @Option(names = "--bursts", paramLabel = "N", defaultValue = "6", description = "default: ${DEFAULT-VALUE}") int bursts,
            @Option(names = "--burst", paramLabel = "N", defaultValue = "10", description = "jobs in a burst; default: ${DEFAULT-VALUE}") int burst,
            @Option(names = "--pause", paramLabel = "SECONDS", defaultValue = "5", description = "between bursts, on average; default: ${DEFAULT-VALUE}") double pause,
            @Option(names = "--job-millis", paramLabel = "N", defaultValue = "200", description = "default: ${DEFAULT-VALUE}") int jobMillis,
            @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the moments; default: ${DEFAULT-VALUE}") long seed) {
        Limits.check("--runners", runners, 1, 4_096);
        Limits.check("--requests-per-second", perSecond, 1, 100_000);
        Limits.check("--bursts", bursts, 1, 100_000);
        Limits.check("--burst", burst, 1, 100_000);
        Limits.check("--job-millis", jobMillis, 0, 60_000);
        if (!(pause > 0 && pause <= 60)) {
            throw new CliException("--pause is above 0 and at most 60 seconds, not " + pause);
        }
        return output.print(new PickupBench(runners, perSecond, bursts, burst, pause, jobMillis, seed), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "Files to an object store, also over TLS: our uploads, curl, bare sendFile; memory while they are sent.")
    int uploads(@Mixin Output output,
            @Option(names = "--large-mib", paramLabel = "N", defaultValue = "256", description = "size of a large file; default: ${DEFAULT-VALUE}") int mebibytes,
            @Option(names = "--large", paramLabel = "N", defaultValue = "8", description = "large files in one window; default: ${DEFAULT-VALUE}") int large,
            @Option(names = "--small", paramLabel = "N", defaultValue = "5000", description = "files of 4 KiB in one window; default: ${DEFAULT-VALUE}") int small,
            @Option(names = "--quick", description = "memory only up to 1 GiB sent, not up to 10") boolean quick,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows) {
        Limits.check("--large-mib", mebibytes, 1, 5 << 10);
        Limits.check("--large", large, 1, 1_000);
        Limits.check("--small", small, 1, 100_000);
        Limits.check("--windows", windows, 1, 1_000);
        return output.print(new UploadsBench(mebibytes, large, small, quick ? 1 : 10, WARMUPS, windows), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "A child's output: read, masked, kept; beside base64 and bare reading.")
    int logs(@Mixin Output output,
            @Option(names = "--mib", paramLabel = "N", defaultValue = "1024", description = "in one window, a multiple of 16; default: ${DEFAULT-VALUE}") int mebibytes,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows) {
        Limits.check("--mib", mebibytes, 16, 1 << 20);
        Limits.check("--windows", windows, 1, 1_000);
        if (mebibytes % 16 != 0) {
            throw new CliException("--mib is a multiple of 16, not " + mebibytes);
        }
        return output.print(new LogsBench(mebibytes, 3, windows), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "Processes: our executor, posix_spawn, ProcessBuilder, a whole job.")
    int spawn(@Mixin Output output,
            @Option(names = "--commands", paramLabel = "N", defaultValue = "1500", description = "in one window; default: ${DEFAULT-VALUE}") int commands,
            @Option(names = "--parallel", paramLabel = "N", defaultValue = "4", description = "at a time; default: ${DEFAULT-VALUE}") int parallel,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows,
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "120", description = "for all of it; a cold JVM costs up to twice as much; default: ${DEFAULT-VALUE}") int seconds) {
        Limits.check("--commands", commands, 1, 1_000_000);
        Limits.check("--parallel", parallel, 1, 64);
        Limits.check("--windows", windows, 1, 1_000);
        Limits.check("--seconds", seconds, 1, 86_400);
        return output.print(new SpawnBench(commands, parallel, SPAWN_WARMUPS, windows, seconds), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "The journal: in memory, one writer, 256 writers that share their syncs.")
    int journal(@Mixin Output output,
            @Option(names = "--appends", paramLabel = "N", defaultValue = "40000", description = "in one window; default: ${DEFAULT-VALUE}") int appends,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows) {
        Limits.check("--appends", appends, 1, 10_000_000);
        Limits.check("--windows", windows, 1, 1_000);
        return output.print(new JournalBench(appends, windows), spec);
    }

    @Command(mixinStandardHelpOptions = true, description = "Calls of functions, cold and warm: a whole cox run beside a plain Node.js server.")
    int functions(@Mixin Output output,
            @Option(names = "--functions", paramLabel = "N", defaultValue = "12", description = "copies, each called cold once; default: ${DEFAULT-VALUE}") int functions,
            @Option(names = "--calls", paramLabel = "N", defaultValue = "1000", description = "in one window; default: ${DEFAULT-VALUE}") int calls,
            @Option(names = "--parallel", paramLabel = "N", defaultValue = "4", description = "at a time; default: ${DEFAULT-VALUE}") int parallel,
            @Option(names = "--warmups", paramLabel = "N", defaultValue = "20", description = "most windows before those that count; default: ${DEFAULT-VALUE}") int warmups,
            @Option(names = "--windows", paramLabel = "N", defaultValue = "3", description = "default: ${DEFAULT-VALUE}") int windows,
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "180", description = "for all of it; default: ${DEFAULT-VALUE}") int seconds) {
        Limits.check("--functions", functions, 1, 20);
        Limits.check("--calls", calls, 1, 1_000_000);
        // a tenant may have no more executions at once
        Limits.check("--parallel", parallel, 1, 10);
        Limits.check("--warmups", warmups, 0, 1_000);
        Limits.check("--windows", windows, 1, 1_000);
        Limits.check("--seconds", seconds, 1, 86_400);
        return output.print(new FunctionsBench(functions, calls, parallel, warmups, windows, seconds), spec);
    }

    /** What every bench takes. */
    static final class Output {
        @Option(names = "--json", description = "a JSON object instead of a table")
        private boolean json;

        @Option(names = "--folder", paramLabel = "DIR", description = "where temporary files are made; default: ${DEFAULT-VALUE}")
        private Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

        int print(Bench bench, CommandLine.Model.CommandSpec spec) {
            if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw new CliException("--folder " + folder + " is no folder that can be written to");
            }
            Entrance.quietByDefault();
            CommandLine line = spec.commandLine();
            Bench.run(bench, folder, json, line.getOut(), new PrintWriter(line.getErr(), true));
            return ExitCodes.CLEAN;
        }
    }

    /** Bounds of numbers. */
    private static final class Limits {
        static void check(String option, int value, int least, int most) {
            if (value < least || value > most) {
                throw new CliException(option + " is " + least + " to " + most + ", not " + value);
            }
        }
    }
}
