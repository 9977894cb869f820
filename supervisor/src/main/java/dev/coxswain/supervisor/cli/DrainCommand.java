package dev.coxswain.supervisor.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import dev.coxswain.supervisor.client.AdminClient;
import dev.coxswain.supervisor.client.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.scheduler.Schedulers;

/** {@code cox drain}. */
@Command(name = "drain", mixinStandardHelpOptions = true, description = "Has the supervisor take nothing new, and end when nothing is open.")
final class DrainCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @Option(names = "--wait", description = "waits until the supervisor has ended")
    private boolean wait;

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        String answer = Objects.requireNonNull(client.post("drain", Map.of()).block());
        output.print(() -> answer, views -> List.of(Views.field(answer, "state")));
        if (wait) {
            client.untilGone(Schedulers.parallel()).distinctUntilChanged()
                    .doOnNext(jobs -> output.note("cox: jobs running: " + jobs)).blockLast();
            output.note("cox: the supervisor has ended");
        }
        return ExitCodes.CLEAN;
    }
}
