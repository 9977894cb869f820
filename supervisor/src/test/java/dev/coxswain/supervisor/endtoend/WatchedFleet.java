package dev.coxswain.supervisor.endtoend;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.FleetControl;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A fleet of 10,000 runners with 1,000 running jobs, to be looked at; it remembers what it was asked to do. */
final class WatchedFleet implements FleetControl {
    static final int RUNNERS = 10_000;
    static final int RUNNING = 1_000;
    private static final int ENDED = 400;
    private static final List<String> PLANES = List.of("shorts xenonflare-studio https://cloud.xenonflare.com",
            "studio xenonflare-workspace https://cloud.xenonflare.com", "mobile oore https://ci.example.org",
            "actions shithub https://git.example.org");
    private static final List<String> POOLS = List.of("shorts shorts safe 5000 520", "shorts-large shorts pods 1000 80",
            "studio studio host 2400 220", "mobile mobile host 400 40", "actions actions safe 1200 140");
    private static final List<String> ENDS = List.of("success", "success", "success", "success", "success", "success",
            "failure", "success", "success", "success", "success", "cancelled", "success", "success", "timeout",
            "success", "success", "success", "success");

    final List<String> asked = new CopyOnWriteArrayList<>();
    final Sinks.Many<FleetEvent> happens = Sinks.many().multicast().directBestEffort();
    final Map<String, Sinks.Many<byte[]>> logs = new ConcurrentHashMap<>();
    final Map<String, JobView> jobs = new LinkedHashMap<>();
    final AtomicInteger looks = new AtomicInteger();
    volatile boolean broken;
    /** Each look finds it two seconds older. */
    private final Instant now = Instant.now();
    private final List<RunnerView> runners = new ArrayList<>();

    WatchedFleet() {
        int jobNumber = 0;
        for (String pool : POOLS) {
            String[] words = pool.split(" ");
            int all = Integer.parseInt(words[3]);
            int busy = Integer.parseInt(words[4]);
            for (int n = 0; n < all; n++) {
                String name = words[0] + "-" + String.format(Locale.ROOT, "%04d", n);
                String key = n < busy ? words[1] + "/job-" + jobNumber : null;
                if (key != null) {
                    jobs.put(key, running(key, words[1], words[0], name, jobNumber++));
                }
                boolean refused = n % 997 == 996;
                runners.add(new RunnerView(name, words[0], words[1],
                        key != null ? "running" : refused ? "quarantined" : n % 16 == 15 ? "polling" : "idle",
                        refused
                                ? "the control plane refused its credential (401)"
                                : "the control plane had no job at the last request",
                        key, key == null ? List.of() : List.of(key)));
            }
        }
        for (int n = 0; n < ENDED; n++) {
            String pool = POOLS.get(n % POOLS.size());
            String end = ENDS.get(n % ENDS.size());
            Instant begin = now.minusSeconds(90 + n * 7L);
            String key = pool.split(" ")[1] + "/done-" + n;
            jobs.put(key, new JobView(key, "done-" + n, pool.split(" ")[1], pool.split(" ")[0], pool.split(" ")[0]
                    + "-0" + (100 + n), "ended", begin, begin.plusMillis(800), begin.plusSeconds(40),
                    begin.plusSeconds(46), begin.plusSeconds(47), end,
                    end.equals("failure") ? "exit 1: no such scene" : null, null, 3, 3, 48_000, 0));
        }
    }

    private JobView running(String key, String plane, String pool, String runner, int n) {
        Instant begin = now.minusSeconds(3 + (n * 37L) % 900);
        boolean uploads = n % 9 == 8;
        return new JobView(key, "job-" + n, plane, pool, runner, "running", begin, begin.plusMillis(700),
                uploads ? now.minusSeconds(2) : null, null, null, null, null, now.plusSeconds(20 + n % 40),
                uploads ? 4 : 0, uploads ? 1 : 0, 1_200L * n, 0);
    }

    @Override
    public Status status() {
        if (broken) {
            throw new IllegalStateException("broken on purpose");
        }
        int look = looks.incrementAndGet();
        List<ControlPlaneView> planes = PLANES.stream().map(plane -> plane.split(" "))
                .map(words -> plane(words[0], words[1], words[2], look)).toList();
        List<PoolView> pools = POOLS.stream().map(pool -> pool(pool.split(" "), look)).toList();
        return new Status("build-01", "1.0.0", asked.contains("drain") ? "draining" : "running",
                now.minusSeconds(273_900), 1024, pools.stream().mapToInt(PoolView::slotsUsed).sum(), RUNNING, planes,
                pools, new ShardingView("kubernetes", "coxswain", "build-01", 3, 64, 21, 3_334, 6_600, 66, null));
    }

    private ControlPlaneView plane(String name, String protocol, String url, int look) {
        boolean trouble = name.equals("mobile");
        int held = (int) runners.stream().filter(runner -> runner.controlPlane().equals(name)).count();
        return new ControlPlaneView(name, protocol, url, held, 50,
                look * (trouble ? 24L : 70L + name.length()) + wave(look, name),
                now.plusSeconds(2L * look).minusMillis(trouble ? 48_000 : 300), trouble ? "lease: HTTP 503" : null,
                trouble ? "half_open" : "closed", trouble ? 12.5 : 50);
    }

    private PoolView pool(String[] words, int look) {
        Map<String, Integer> states = new LinkedHashMap<>();
        Stream.of("idle", "polling", "leased", "running", "settling", "paused", "quarantined", "draining", "stopped")
                .forEach(state -> states.put(state, 0));
        Map<String, Integer> reasons = new LinkedHashMap<>();
        runners.stream().filter(runner -> runner.pool().equals(words[0])).forEach(runner -> {
            states.merge(runner.state(), 1, Integer::sum);
            if (runner.job() == null) {
                reasons.merge(runner.why(), 1, Integer::sum);
            }
        });
        int busy = Integer.parseInt(words[4]);
        return new PoolView(words[0], words[1], words[2], Integer.parseInt(words[3]),
                busy + wave(look, words[0]) / 4, busy * 40L + look * (busy / 12L) + wave(look, words[0]), states,
                reasons.entrySet().stream().map(each -> new Reason(each.getKey(), each.getValue())).toList());
    }

    private static int wave(int look, String seed) {
        return (int) (8 + 6 * Math.sin(look / 3.0 + seed.hashCode()) + 2 * Math.sin(look * 1.7));
    }

    @Override
    public Page<RunnerView> runners(@Nullable String pool, @Nullable String state, @Nullable String search, int page) {
        return Page.of(runners.stream().filter(runner -> (pool == null || pool.equals(runner.pool()))
                && (state == null || state.equals(runner.state()))
                && (search == null || (runner.name() + runner.why()).contains(search))).toList(), page);
    }

    @Override
    public synchronized Page<JobView> jobs(@Nullable String state, @Nullable String search, int page) {
        return Page.of(jobs.values().stream().filter(job -> (state == null || state.equals(job.state()))
                && (search == null || job.toString().contains(search))).toList(), page);
    }

    synchronized void put(JobView job) {
        jobs.put(job.key(), job);
    }

    @Override
    public synchronized Optional<JobView> job(String key) {
        return Optional.ofNullable(jobs.get(key));
    }

    @Override
    public Optional<Flux<byte[]>> log(String key, boolean follow) {
        return Optional.ofNullable(logs.get(key)).map(Sinks.Many::asFlux);
    }

    @Override
    public boolean cancel(String key, String reason) {
        asked.add("cancel " + key + " " + reason);
        return true;
    }

    @Override
    public void drain() {
        asked.add("drain");
    }

    @Override
    public int pause(Target target) {
        asked.add("pause " + target);
        return 7;
    }

    @Override
    public int resume(Target target) {
        asked.add("resume " + target);
        return 7;
    }

    @Override
    public Mono<Reloaded> reload() {
        return Mono.fromSupplier(() -> {
            asked.add("reload");
            return new Reloaded(false, List.of(), List.of(), List.of("fleet.yaml:7:3: slots.total: must be a number"));
        });
    }

    @Override
    public Flux<FleetEvent> events() {
        return happens.asFlux();
    }

    @Override
    public boolean live() {
        return true;
    }

    @Override
    public boolean ready() {
        return true;
    }
}
