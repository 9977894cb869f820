package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.coxswain.supervisor.ProcessSignals;
import dev.coxswain.supervisor.client.AdminClient;
import dev.coxswain.supervisor.client.Screen;
import dev.coxswain.supervisor.client.Terminal;
import dev.coxswain.supervisor.client.TopFeed;
import dev.coxswain.supervisor.client.TopScreen;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** {@code cox top}. */
@Command(name = "top", mixinStandardHelpOptions = true, description = "Shows the fleet live, each second anew, until it is told to stop.")
final class TopCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--once", description = "prints it once, as it also does where there is no terminal")
    private boolean once;

    private volatile Terminal terminal = Terminal.NONE;

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        TopFeed feed = new TopFeed(client, Schedulers.parallel());
        TopScreen layout = new TopScreen(client.address(), ZoneId.systemDefault());
        PrintWriter out = spec.commandLine().getOut();
        // an address where nobody listens is said before the screen is taken
        TopFeed.Snapshot first = Objects.requireNonNull(feed.once().block());
        terminal = Terminal.of(System.getenv());
        if (once || !terminal.live()) {
            layout.lines(first, terminal.unlimited(), Instant.now()).forEach(out::println);
            out.flush();
            return ExitCodes.CLEAN;
        }
        live(feed, layout, out);
        return ExitCodes.CLEAN;
    }

    private void live(TopFeed feed, TopScreen layout, PrintWriter out) {
        Sinks.Empty<Void> told = Sinks.empty();
        ProcessSignals.listen(name -> told.tryEmitEmpty(), "INT", "TERM", "HUP");
        // the size is asked for when it changes, not for each picture
        ProcessSignals.listen(name -> terminal = Terminal.of(System.getenv()), "WINCH");
        try (Screen screen = new Screen(out);
                Stream<TopFeed.Snapshot> pictures = feed.live().takeUntilOther(told.asMono()).toStream(1)) {
            Iterator<TopFeed.Snapshot> each = pictures.iterator();
            while (each.hasNext() && screen.draw(layout.lines(each.next(), terminal, Instant.now()))) {
                // drawn by the condition
            }
        }
    }
}
