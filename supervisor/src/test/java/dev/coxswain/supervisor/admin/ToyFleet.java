package dev.coxswain.supervisor.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.FleetControl;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A fleet of 250 runners and a few jobs that remembers what it was asked. */
public final class ToyFleet implements FleetControl {
    public static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05.5Z");

    public final List<String> asked = new CopyOnWriteArrayList<>();
    public final Map<String, JobView> jobs = new ConcurrentHashMap<>();
    public final Map<String, Flux<byte[]>> logs = new ConcurrentHashMap<>();
    public volatile boolean live = true;
    public volatile boolean ready = true;
    public volatile boolean broken;
    public volatile Reloaded reloaded = new Reloaded(true, List.of("pool pool: weight 1 to 2"), List.of(), List.of());
    public volatile Mono<Reloaded> reloading = Mono.fromSupplier(() -> {
        asked.add("reload");
        return reloaded;
    });
    public volatile Flux<FleetEvent> events = Flux.never();

    public ToyFleet() {
        job("k1", "running");
        job("k2", "ended");
    }

    public void job(String key, String state) {
        boolean ended = state.equals("ended");
        jobs.put(key,
                new JobView(key, "id-" + key, "shorts", "pool", "runner-1", state, BEGIN, null, null, null,
                        ended ? BEGIN : null,
                        ended ? "success" : null, null, null, 2, 1, 100, 7));
    }

    /** As of one of several, or of one alone. */
    public volatile @Nullable ShardingView sharding;
    public volatile @Nullable String whyNotReady;

    @Override
    public @Nullable String whyNotReady() {
        return whyNotReady;
    }

    @Override
    public Status status() {
        if (broken) {
            throw new IllegalStateException("a bug");
        }
        return new Status("build-01", "1.2.3", asked.contains("drain") ? "draining" : "running", BEGIN, 4, 1, 1,
                List.of(new ControlPlaneView("shorts", "xenonflare-studio", "https://example.org", 250, 50, 10, null,
                        null, "closed", 50)),
                List.of(new PoolView("pool", "shorts", "host", 250, 1, 2,
                        Map.of("idle", 249, "running", 1, "paused", 0),
                        List.of(new Reason("no slot", 249)))),
                sharding);
    }

    @Override
    public Page<RunnerView> runners(@Nullable String pool, @Nullable String state, @Nullable String search,
            int page) {
        asked.add("runners " + pool + " " + state + " " + search + " " + page);
        return Page.of(IntStream.range(0, 250)
                .mapToObj(n -> new RunnerView("runner-" + n, "pool", "shorts", "idle", "no slot", null, List.of()))
                .toList(),
                page);
    }

    @Override
    public Page<JobView> jobs(@Nullable String state, @Nullable String search, int page) {
        asked.add("jobs " + state + " " + search + " " + page);
        return Page.of(new ArrayList<>(jobs.values()), page);
    }

    @Override
    public Optional<JobView> job(String key) {
        return Optional.ofNullable(jobs.get(key));
    }

    @Override
    public Optional<Flux<byte[]>> log(String key, boolean follow) {
        asked.add("log " + key + " " + follow);
        return Optional.ofNullable(logs.get(key));
    }

    @Override
    public boolean cancel(String key, String reason) {
        asked.add("cancel " + key + " " + reason);
        JobView job = jobs.get(key);
        return job != null && !job.state().equals("ended");
    }

    @Override
    public void drain() {
        asked.add("drain");
    }

    @Override
    public int pause(Target target) {
        asked.add("pause " + target);
        return known(target);
    }

    @Override
    public int resume(Target target) {
        asked.add("resume " + target);
        return known(target);
    }

    private static int known(Target target) {
        return switch (target) {
            case Target.Everything() -> 250;
            case Target.OfControlPlane(var name) -> name.equals("shorts") ? 250 : 0;
            case Target.OfPool(var name) -> name.equals("pool") ? 250 : 0;
            case Target.OfRunner(var name) -> name.startsWith("runner-") ? 1 : 0;
        };
    }

    @Override
    public Mono<Reloaded> reload() {
        return reloading;
    }

    @Override
    public Flux<FleetEvent> events() {
        return events;
    }

    @Override
    public boolean live() {
        return live;
    }

    @Override
    public boolean ready() {
        return ready;
    }
}
