package dev.coxswain.supervisor.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

import dev.coxswain.supervisor.client.AdminClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** {@code cox logs}. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Prints the log of a job, byte by byte.")
final class LogsCommand implements Callable<Integer> {
    private static final int PIECES = 16;

    /** Bytes, not text: picocli's writer would encode them. */
    private final PrintStream out;

    LogsCommand() {
        this(System.out);
    }

    LogsCommand(PrintStream out) {
        this.out = out;
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "JOB", description = "its key, as in: cox jobs")
    private String job = "";

    @Option(names = {"-f", "--follow"}, description = "goes on until the job ends")
    private boolean follow;

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        AtomicLong dropped = new AtomicLong();
        Flux<byte[]> log = follow ? client.follow(job, dropped::set) : client.log(job);
        // on a thread that may wait for the terminal; a failure comes after the pieces that are still waiting
        log.publishOn(Schedulers.boundedElastic(), true, PIECES).doOnNext(out::writeBytes)
                .takeWhile(piece -> !out.checkError()).then().block();
        if (out.checkError()) {
            return ExitCodes.UNEXPECTED;
        }
        if (dropped.get() > 0) {
            spec.commandLine().getErr().println("cox: bytes of this log that were not kept: " + dropped.get());
        }
        return ExitCodes.CLEAN;
    }
}
