package dev.coxswain.executors.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.StderrTail;
import dev.coxswain.executors.WorkspaceException;

/**
 * The output of an exec until its command has begun: our shell says a word on standard output, and what comes on standard
 * error meanwhile, which may be faster, is kept. For one command, whose frames come one after another.
 */
public final class Beginning {
    private static final String STARTED = "started";
    private static final int MOST_EARLY_BYTES = 4 << 20;

    private final String whose;
    private final Header header;
    private final StderrTail stderr = new StderrTail();
    private final List<CommandEvent> early = new ArrayList<>();
    private int earlyBytes;
    private volatile boolean over;

    /** @param whose the shell is, for an error: {@code the pod} */
    public Beginning(String whose) {
        this.whose = whose;
        this.header = new Header(whose);
    }

    /** Whether the command has begun. */
    public boolean isOver() {
        return over;
    }

    /**
     * Takes what came; returns what is to be told of it, which begins with {@link CommandEvent.Started}. Fails with a
     * {@link WorkspaceException} when the command can't be started.
     *
     * @param refused makes an error of our shell's word
     * @param begun done when the command has begun
     */
    public List<CommandEvent> take(ExecFrame.Output output, Function<String, WorkspaceException> refused,
            Runnable begun) {
        if (over) {
            return List.of(new CommandEvent.Output(output.stream(), output.bytes()));
        }
        if (output.stream() == CommandEvent.Stream.STDERR) {
            keep(output);
            return List.of();
        }
        byte[] rest = header.rest(output.bytes());
        String word = header.text();
        if (word == null) {
            return List.of();
        }
        if (!word.equals(STARTED)) {
            throw refused.apply(word);
        }
        over = true;
        begun.run();
        List<CommandEvent> events = new ArrayList<>(List.of(new CommandEvent.Started(0)));
        events.addAll(early);
        early.clear();
        if (rest.length > 0) {
            events.add(new CommandEvent.Output(output.stream(), rest));
        }
        return events;
    }

    private void keep(ExecFrame.Output output) {
        stderr.add(output.bytes());
        early.add(new CommandEvent.Output(output.stream(), output.bytes()));
        earlyBytes += output.bytes().length;
        if (earlyBytes > MOST_EARLY_BYTES) {
            throw Header.noShell(whose);
        }
    }

    /** What to say of an exec that ended before its command had begun. */
    public WorkspaceException endedEarly(String program, int code) {
        String line = stderr.lastLine();
        return new WorkspaceException("cannot start " + program + ": the shell of " + whose + " ended with exit code "
                + code + (line.isEmpty() ? "" : ": " + line));
    }
}
