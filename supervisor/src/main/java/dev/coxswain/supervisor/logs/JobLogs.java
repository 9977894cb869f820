package dev.coxswain.supervisor.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.metrics.Meters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The logs of all jobs of this JVM: those that run, and the newest that have ended, at most 200 of these and 512 MiB of
 * disk (but always the newest one). Older ones are removed from memory and disk.
 *
 * <p>
 * Spill files that a former life left in the folder are removed at the start: what job they belonged to is not written
 * down anywhere, so nobody could ask for them. A supervisor that stops leaves its files to be looked at until then.
 */
public final class JobLogs implements LogOpener {
    private static final Logger LOG = LoggerFactory.getLogger(JobLogs.class);
    private static final Pattern OURS = Pattern.compile("job-\\d+-\\d+\\.log");
    private static final int MAX_ENDED = 200;
    private static final long MAX_ENDED_BYTES = 512L << 20;
    private static final int ENDING_AT_ONCE = 16;

    private volatile LogsConfig config;
    private final Path directory;
    private final Scheduler files;
    private final Meters meters;
    private final SpillFiles spillFiles;
    private final long maxEndedBytes;
    private final LogTally.Held held;
    private final Sinks.Empty<Void> ready = Sinks.empty();

    private final Object lock = new Object();
    private final Map<String, LogTally> tallies = new HashMap<>();
    private final Map<String, SpillingJobLog> open = new HashMap<>();
    private final Map<String, SpillingJobLog> ended = new HashMap<>();
    private final Deque<String> oldestFirst = new ArrayDeque<>();
    private long endedBytes;
    private long opened;
    private boolean closed;

    /**
     * Makes the folder (0700) and empties it of former spill files, on {@code files}; a folder that can't be made is told
     * once here and again by each log that needs it, and those logs keep only their newest 64 KiB.
     *
     * @param directory for spill files alone
     * @param files where all files are written and read; its owner disposes it after {@link #close()}
     */
    public JobLogs(LogsConfig config, Path directory, Scheduler files, Meters meters) {
        this(config, directory, files, meters, SpillFiles.ON_DISK, MAX_ENDED_BYTES);
    }

    JobLogs(LogsConfig config, Path directory, Scheduler files, Meters meters, SpillFiles spillFiles,
            long maxEndedBytes) {
        this.config = config;
        this.directory = directory;
        this.files = files;
        this.meters = meters;
        this.spillFiles = spillFiles;
        this.maxEndedBytes = maxEndedBytes;
        this.held = new LogTally.Held(meters);
        files.schedule(this::prepare);
    }

    /**
     * Opens the log of a job that begins; costs no memory until something is appended. A job of the same key that has
     * ended is forgotten. Fails with a {@link LogException} when that key is open already, when the secrets are more than
     * 256 Ki characters, or after {@link #close()}. Cancelling is safe before it emits; afterwards end the log.
     *
     * @param key of the job, unique in this JVM
     * @param controlPlane name for the meters
     * @param secrets whatever must not be seen in the log
     */
    @Override
    public Mono<JobLog> open(String key, String controlPlane, SecretSet secrets) {
        return ready.asMono().then(Mono.fromCallable(() -> add(key, controlPlane, secrets)));
    }

    /** Changes the limits of logs that are opened from now on. */
    public void retune(LogsConfig changed) {
        config = changed;
    }

    /** The log of this job, while it runs and for a while after. */
    public Optional<JobLog> find(String key) {
        synchronized (lock) {
            SpillingJobLog running = open.get(key);
            return Optional.ofNullable(running != null ? running : ended.get(key));
        }
    }

    /** Opens no more, ends the logs that are open, completes when all is on disk. Safe to repeat. */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            List<JobLog> running;
            synchronized (lock) {
                closed = true;
                running = List.copyOf(open.values());
            }
            return Flux.fromIterable(running).flatMap(JobLog::end, ENDING_AT_ONCE).then();
        });
    }

    private JobLog add(String key, String controlPlane, SecretSet secrets) {
        List<SpillingJobLog> removed = new ArrayList<>();
        SpillingJobLog log;
        synchronized (lock) {
            if (closed) {
                throw new LogException("no more logs are opened: the supervisor stops", null);
            }
            if (open.containsKey(key)) {
                throw new LogException("the log of job " + key + " is open already", null);
            }
            LogTally tally = tallies.computeIfAbsent(controlPlane, name -> new LogTally(held, meters, name));
            Spill spill = new Spill(spillFiles, directory, "job-" + opened++, config.spillPerJobBytes(), tally);
            log = new SpillingJobLog(key, config.maxPerJobBytes(), tally, files, spill, secrets, () -> keep(key));
            open.put(key, log);
            if (ended.containsKey(key)) {
                oldestFirst.remove(key);
                removed.add(forget(key));
            }
        }
        remove(removed);
        return log;
    }

    private void keep(String key) {
        List<SpillingJobLog> removed = new ArrayList<>();
        synchronized (lock) {
            SpillingJobLog log = open.remove(key);
            if (log == null) {
                throw new IllegalStateException("a log ended twice");
            }
            ended.put(key, log);
            oldestFirst.addLast(key);
            endedBytes += log.spilledBytes();
            while (oldestFirst.size() > 1 && (oldestFirst.size() > MAX_ENDED || endedBytes > maxEndedBytes)) {
                removed.add(forget(oldestFirst.removeFirst()));
            }
        }
        remove(removed);
    }

    private SpillingJobLog forget(String key) {
        SpillingJobLog log = ended.remove(key);
        if (log == null) {
            throw new IllegalStateException("an ended log is not kept");
        }
        endedBytes -= log.spilledBytes();
        return log;
    }

    private void remove(List<SpillingJobLog> logs) {
        for (SpillingJobLog log : logs) {
            if (log.isInMemoryOnly()) {
                log.remove();
                continue;
            }
            try {
                files.schedule(log::remove);
            } catch (RejectedExecutionException e) {
                LOG.debug("spill files of a former job stay until the next start: the supervisor stops");
            }
        }
    }

    private void prepare() {
        try {
            SpillFiles.prepare(directory);
            try (Stream<Path> all = Files.list(directory)) {
                for (Path file : all.filter(path -> OURS.matcher(path.getFileName().toString()).matches()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("the folder for log spill files {} can't be prepared: {}", directory, e.toString());
        } finally {
            ready.tryEmitEmpty().orThrow();
        }
    }
}
