package dev.coxswain.supervisor.controlplane.coderunner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import reactor.core.publisher.Mono;

/** Cuts the output of one execution into lines and hands them over in batches. */
final class LineFeed implements JobFeed {
    private final Function<List<LogLine>, Mono<Void>> sink;
    private final LineCutter stdout = new LineCutter("stdout");
    private final LineCutter stderr = new LineCutter("stderr");

    LineFeed(Function<List<LogLine>, Mono<Void>> sink) {
        this.sink = sink;
    }

    @Override
    public Duration batchTime() {
        return Duration.ofMillis(250);
    }

    @Override
    public Mono<Void> send(List<FeedItem> batch) {
        List<LogLine> lines = new ArrayList<>();
        for (FeedItem item : batch) {
            switch (item) {
                case FeedItem.Output(var stream, var bytes) -> cutter(stream).add(bytes, lines);
                case FeedItem.Skipped(var bytes) -> lines.add(new LogLine("system", bytes
                        + " bytes of output are missing here: the program wrote faster than they could be kept"));
                case FeedItem.Step(var mark) -> {
                    // an execution has no steps that anybody asks for
                }
            }
        }
        return handOver(lines);
    }

    @Override
    public Mono<Void> end() {
        List<LogLine> lines = new ArrayList<>();
        stdout.flush(lines);
        stderr.flush(lines);
        // an empty batch tells that this was all
        return handOver(lines).then(Mono.defer(() -> sink.apply(List.of())));
    }

    private Mono<Void> handOver(List<LogLine> lines) {
        return lines.isEmpty() ? Mono.empty() : sink.apply(lines);
    }

    private LineCutter cutter(CommandEvent.Stream stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }
}
