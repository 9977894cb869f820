package dev.coxswain.supervisor.metrics;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How many calls wait for a thread of the schedulers that may block, by the scheduler's name; those of one name are counted
 * together. Reactor shows us each thread's queue as it makes it, so counting costs a call nothing.
 */
final class WaitingCalls implements AutoCloseable {
    /** The names of our schedulers, and the value of the label that each has. */
    static final Map<String, String> RESOURCES = Map.ofEntries(Map.entry("cox-disk", "disk"),
            Map.entry("cox-start", "starts"), Map.entry("cox-files", "files"), Map.entry("cox-signals", "signals"),
            Map.entry("cox-pipes", "pipes"), Map.entry("cox-container-files", "container_files"),
            Map.entry("cox-pods", "pod_calls"),
            Map.entry("cox-pod-files", "pod_files"), Map.entry("cox-shard-calls", "shard_calls"),
            Map.entry("cox-notify", "notices"), Map.entry("tools", "tools"), Map.entry("http-large", "large_answers"),
            Map.entry("coxswain-scrape", "scrapes"), Map.entry("coxswain-coderunner-store", "coderunner_store"),
            Map.entry("coxswain-coderunner-files", "coderunner_files"));

    private static final Pattern NAME = Pattern.compile("\"([^\"]+)\"");
    private static final AtomicLong IDS = new AtomicLong();

    private final String id = "coxswain-waiting-" + IDS.incrementAndGet();
    private final Map<String, Set<ThreadPoolExecutor>> threads = new ConcurrentHashMap<>();

    private WaitingCalls() {}

    /** Counts from now on, in schedulers that have no thread yet. */
    static WaitingCalls count(Meters meters) {
        WaitingCalls calls = new WaitingCalls();
        RESOURCES.values().forEach(
                resource -> meters.stateGauge(FleetMeters.CALLS_WAITING, resource, () -> calls.waiting(resource)));
        Schedulers.addExecutorServiceDecorator(calls.id, calls::seen);
        return calls;
    }

    private ScheduledExecutorService seen(Scheduler scheduler, ScheduledExecutorService made) {
        Matcher name = NAME.matcher(Scannable.from(scheduler).name());
        String resource = name.find() ? RESOURCES.get(name.group(1)) : null;
        if (resource != null && made instanceof ThreadPoolExecutor thread) {
            Set<ThreadPoolExecutor> known = Objects
                    .requireNonNull(threads.computeIfAbsent(resource, first -> ConcurrentHashMap.newKeySet()));
            known.removeIf(ThreadPoolExecutor::isShutdown);
            known.add(thread);
        }
        return made;
    }

    /** What has been asked for and not begun. */
    int waiting(String resource) {
        int waiting = 0;
        for (ThreadPoolExecutor thread : threads.getOrDefault(resource, Set.of())) {
            waiting += thread.getQueue().size();
        }
        return waiting;
    }

    @Override
    public void close() {
        Schedulers.removeExecutorServiceDecorator(id);
    }
}
