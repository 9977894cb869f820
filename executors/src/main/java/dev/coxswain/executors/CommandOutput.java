package dev.coxswain.executors;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;

/** One run of a command: passes its output on as it is demanded, and remembers what tells of its end. */
public final class CommandOutput {
    private final StderrTail stderr = new StderrTail();
    private CommandEvent.@Nullable Exited exited;

    /** The output alone; the rest is remembered. For one command. */
    public Flux<ExecutionEvent> of(Workspace workspace, Command command) {
        return workspace.run(command).handle((event, sink) -> {
            switch (event) {
                case CommandEvent.Started started -> {
                    // the step's start has been told
                }
                case CommandEvent.Output(CommandEvent.Stream stream, byte[] bytes) -> {
                    if (stream == CommandEvent.Stream.STDERR) {
                        stderr.add(bytes);
                    }
                    sink.next(new ExecutionEvent.Output(stream, bytes));
                }
                case CommandEvent.Exited exit -> exited = exit;
            }
        });
    }

    /** How it ended, once its events are over. */
    public CommandEvent.Exited end() {
        CommandEvent.Exited end = exited;
        if (end == null) {
            throw new IllegalStateException("the executor did not tell how the command ended");
        }
        return end;
    }

    /** What to say of an end that is none: the exit code, and the last line of standard error when there is one. */
    public String failure() {
        int code = end().code();
        if (end().outOfMemory()) {
            return "exit code " + code + ": " + CommandEvent.Exited.TOO_LARGE;
        }
        String line = stderr.lastLine();
        String hint = code == 127 ? " (a tool that it needs is missing on this host)" : "";
        return "exit code " + code + hint + (line.isEmpty() ? "" : ": " + line);
    }

    /** A line of ours in the log, as the control plane's page expects it. */
    public static ExecutionEvent line(String text) {
        return new ExecutionEvent.Output(CommandEvent.Stream.STDOUT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
