package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.coxswain.supervisor.client.AdminClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Signal;

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
    public Integer call() throws IOException {
        AdminClient client = admin.client();
        AtomicLong dropped = new AtomicLong();
        Flux<byte[]> log = follow ? client.follow(job, dropped::set) : client.log(job);
        // a failure comes after the pieces that are still waiting, not before them; closing the stream cancels the request
        try (Stream<Signal<byte[]>> pieces = log.materialize().toStream(PIECES)) {
            for (Iterator<Signal<byte[]>> each = pieces.iterator(); each.hasNext();) {
                Signal<byte[]> signal = each.next();
                Throwable failure = signal.getThrowable();
                if (failure != null) {
                    throw Exceptions.propagate(failure);
                }
                byte[] piece = signal.get();
                if (piece != null) {
                    out.write(piece);
                }
                if (out.checkError()) {
                    return ExitCodes.UNEXPECTED;
                }
            }
        }
        if (dropped.get() > 0) {
            spec.commandLine().getErr().println("cox: bytes of this log that were not kept: " + dropped.get());
        }
        return ExitCodes.CLEAN;
    }
}
