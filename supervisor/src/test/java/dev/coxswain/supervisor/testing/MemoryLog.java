package dev.coxswain.supervisor.testing;

import java.util.ArrayList;
import java.util.List;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.logs.LogException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A log that only counts, and masks texts the plain way. */
public class MemoryLog implements JobLog {
    private final List<Secret> secrets = new ArrayList<>();
    private final Sinks.Many<List<FeedItem>> feed = Sinks.many().unicast().onBackpressureBuffer();
    private long written;

    @Override
    public void addSecret(Secret secret) {
        secrets.add(secret);
    }

    @Override
    public Mono<Void> append(CommandEvent.Stream stream, byte[] bytes) {
        return Mono.fromRunnable(() -> {
            written += bytes.length;
            feed.tryEmitNext(List.of(new FeedItem.Output(stream, mask(new String(bytes, UTF_8)).getBytes(UTF_8))));
        });
    }

    @Override
    public String mask(String text) {
        String masked = text;
        for (Secret secret : secrets) {
            masked = masked.replace(secret.reveal(), "***");
        }
        return masked;
    }

    @Override
    public Flux<byte[]> read() {
        return Flux.empty();
    }

    @Override
    public Flux<byte[]> follow() {
        return Flux.empty();
    }

    @Override
    public Flux<List<FeedItem>> feed() {
        return Flux.defer(() -> written > 0
                ? Flux.error(new LogException("a log is fed once, from its beginning", null))
                : feed.asFlux());
    }

    @Override
    public void mark(StepMark mark) {
        feed.tryEmitNext(List.of(new FeedItem.Step(mark)));
    }

    @Override
    public long writtenBytes() {
        return written;
    }

    @Override
    public long droppedBytes() {
        return 0;
    }

    @Override
    public Mono<Void> end() {
        return Mono.fromRunnable(feed::tryEmitComplete);
    }
}
