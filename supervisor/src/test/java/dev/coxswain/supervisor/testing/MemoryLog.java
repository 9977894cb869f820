package dev.coxswain.supervisor.testing;

import java.util.ArrayList;
import java.util.List;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.JobLog;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A log that only counts, and masks texts the plain way. */
public class MemoryLog implements JobLog {
    private final List<Secret> secrets = new ArrayList<>();
    private long written;

    @Override
    public void addSecret(Secret secret) {
        secrets.add(secret);
    }

    @Override
    public Mono<Void> append(CommandEvent.Stream stream, byte[] bytes) {
        return Mono.fromRunnable(() -> written += bytes.length);
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
    public long writtenBytes() {
        return written;
    }

    @Override
    public long droppedBytes() {
        return 0;
    }

    @Override
    public Mono<Void> end() {
        return Mono.empty();
    }
}
