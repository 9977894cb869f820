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
import reactor.core.publisher.Flux;

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
        // closing the stream is what cancels the request when nobody reads any more
        try (Stream<byte[]> pieces = log.toStream(PIECES)) {
            for (Iterator<byte[]> each = pieces.iterator(); each.hasNext();) {
                out.write(each.next());
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
