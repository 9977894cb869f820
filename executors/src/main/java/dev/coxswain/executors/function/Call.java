package dev.coxswain.executors.function;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.StderrTail;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.FluxSink;

/**
 * One call: what came of it so far, and what that means. The output goes to {@code sink}; the rest is guarded by the
 * process that it is made in.
 */
final class Call {
    /** Begins a mark; no text has it. */
    private static final char MARK = '\u001e';
    /** V8 says so before it aborts. */
    private static final String V8_WORDS = "heap out of memory";
    private static final int ABORTED = 134;
    private static final int KILLED = 137;

    final long number;
    final FunctionJob job;
    final String mark;
    final FluxSink<ExecutionEvent> sink;
    final Disposable.Composite owned = Disposables.composite();

    private final MarkFilter stdout;
    private final MarkFilter stderr;
    private final ResultText.Output output;
    private final StderrTail tail = new StderrTail();
    private final ResultText texts;
    private boolean stdoutDone;
    private boolean stderrDone;
    private boolean heapWords;
    private boolean taken;
    private @Nullable Boolean handler;
    private @Nullable ProcessMessage answer;
    private @Nullable JobResult forced;
    private volatile @Nullable JobResult result;

    /** @param secret makes the mark one that no output holds by chance */
    Call(long number, FunctionJob job, long secret, ResultText texts, FluxSink<ExecutionEvent> sink) {
        this.number = number;
        this.job = job;
        this.mark = "coxswain-" + Long.toHexString(secret) + "-" + number;
        this.sink = sink;
        this.texts = texts;
        byte[] bytes = (MARK + mark + "\n").getBytes(StandardCharsets.UTF_8);
        this.stdout = new MarkFilter(bytes);
        this.stderr = new MarkFilter(bytes);
        this.output = new ResultText.Output(job.language() == Language.DOTNET_SCRIPT);
    }

    /** Takes output in; gives what of it is the call's. */
    byte[] take(CommandEvent.Output event) {
        return switch (event.stream()) {
            case STDOUT -> kept(Stream.STDOUT, stdout.take(event.bytes()));
            case STDERR -> kept(Stream.STDERR, stderr.take(event.bytes()));
        };
    }

    /** What was held back, when the process is over. */
    byte[] rest(Stream stream) {
        return kept(stream, (stream == Stream.STDOUT ? stdout : stderr).rest());
    }

    private byte[] kept(Stream stream, byte[] bytes) {
        switch (stream) {
            case STDOUT -> {
                if (isProgram()) {
                    output.add(bytes);
                }
            }
            case STDERR -> {
                tail.add(bytes);
                heapWords = heapWords || new String(bytes, StandardCharsets.ISO_8859_1).contains(V8_WORDS);
            }
        }
        return bytes;
    }

    /** As long as nothing else is known. */
    private boolean isProgram() {
        return handler == null ? job.kind() != FunctionJob.Kind.SERVICE : !handler;
    }

    void takenIn() {
        taken = true;
    }

    /** Whether the process has heard of it. */
    boolean isTaken() {
        return taken;
    }

    void loaded(boolean withHandler) {
        handler = withHandler;
        if (withHandler) {
            output.forget();
        }
    }

    boolean hasHandler() {
        return handler != null && handler;
    }

    void answered(ProcessMessage said) {
        if (answer == null) {
            answer = said;
        }
    }

    /** Whether what this call's number tells of the result is passed on. */
    boolean streams(long told) {
        return told == number && job.streams() && forced == null;
    }

    /** Decides the end, whatever the process says from now on; the first such decision holds. */
    void force(JobResult end) {
        if (forced == null) {
            forced = end;
        }
    }

    @Nullable
    JobResult forced() {
        return forced;
    }

    /** The end, while the process goes on; null when there is more to come. */
    @Nullable
    JobResult ended() {
        if (forced != null) {
            return null;
        }
        return switch (answer) {
            case ProcessMessage.Returned said when !said.marked() || marked() -> outcome(said, null);
            case ProcessMessage.Threw said when !said.last() && (!said.marked() || marked()) -> outcome(said, null);
            case null -> null;
            case ProcessMessage said -> null;
        };
    }

    private boolean marked() {
        return stdoutDone && stderrDone;
    }

    /** What was taken of this stream has gone to {@link #sink}. */
    void emitted(Stream stream) {
        switch (stream) {
            case STDOUT -> stdoutDone = stdout.found();
            case STDERR -> stderrDone = stderr.found();
        }
    }

    /** Bytes that were written after the end of the call. */
    long after() {
        return stdout.after() + stderr.after();
    }

    /** Whether the process is as it was before: it answered, and all that it wrote is known to be this call's. */
    boolean leftInOrder() {
        return hasHandler() && marked() && forced == null;
    }

    /** The end, when the process has ended. */
    JobResult ended(CommandEvent.Exited exit) {
        JobResult decided = forced;
        if (decided != null) {
            return decided;
        }
        ProcessMessage said = answer;
        if (said == null && exit.outOfMemory()) {
            return new JobResult.Failed(Reason.OUT_OF_MEMORY.message("it held more memory than it may"
                    + (job.memoryBytes() > 0 ? ", which is " + (job.memoryBytes() >> 20) + " MiB" : "")));
        }
        return said == null ? exited(exit.code()) : outcome(said, exit.code());
    }

    private JobResult outcome(ProcessMessage said, @Nullable Integer exitCode) {
        return switch (said) {
            case ProcessMessage.Returned returned ->
                new JobResult.Succeeded(texts.of(returned.result(), returned.truncated(), exitCode), "");
            case ProcessMessage.Threw threw -> new JobResult.Failed(threw.reason().message(threw.line()));
            case ProcessMessage.Taken taken -> throw new IllegalStateException("no answer: " + taken);
            case ProcessMessage.Streams streams -> throw new IllegalStateException("no answer: " + streams);
            case ProcessMessage.Part part -> throw new IllegalStateException("no answer: " + part);
            case ProcessMessage.Loaded loaded -> throw new IllegalStateException("no answer: " + loaded);
            case ProcessMessage.Garbled garbled -> throw new IllegalStateException("no answer: " + garbled);
        };
    }

    private JobResult exited(int code) {
        if (code == 0 && isProgram()) {
            return new JobResult.Succeeded(job.language() == Language.DOTNET_SCRIPT
                    ? texts.ofLastLine(output, code)
                    : texts.ofOutput(output, code), "");
        }
        if (code == 0 && job.kind() == FunctionJob.Kind.SERVICE) {
            return new JobResult.Succeeded(texts.of(ResultText.NOTHING, false, code), "");
        }
        if (code == ABORTED && heapWords) {
            return new JobResult.Failed(Reason.OUT_OF_MEMORY.message("its heap is full"
                    + (job.memoryBytes() > 0 ? ": it may hold " + (job.memoryBytes() >> 20) + " MiB" : "")));
        }
        String line = tail.lastLine();
        return new JobResult.Failed(Reason.EXIT.message((code == KILLED ? "it was killed, exit code " : "exit code ")
                + code + (hasHandler() ? " before the call was over" : "") + (line.isEmpty() ? "" : ": " + line)));
    }

    /** Ends it; the output is over. */
    void finish(JobResult end) {
        result = end;
        owned.dispose();
        sink.complete();
    }

    void fail(Throwable failure) {
        owned.dispose();
        sink.error(failure);
    }

    JobResult result() {
        JobResult end = result;
        if (end == null) {
            throw new IllegalStateException("the call is not over");
        }
        return end;
    }
}
