package dev.coxswain.supervisor.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Looks at this host, without changing anything, and says what jobs can expect of it. */
public final class Doctor {
    private final Path stateDir;
    private final Path workDir;
    private final @Nullable URI clockUrl;
    private final Scheduler scheduler;
    private final HostFindings host;
    private final ProgramFindings programs;
    private final ClockFindings clock;

    /**
     * Prepares an examination; nothing is looked at before {@link #examine()}.
     *
     * @param stateDir the configuration's folder for state
     * @param workDir the configuration's folder for jobs
     * @param clockUrl a server whose {@code Date} the wall clock is compared with, such as a control plane's, or null
     * @param clock the clock that is compared
     * @param scheduler bounded, where files are read and programs run; up to four at once are used
     */
    public Doctor(Path stateDir, Path workDir, @Nullable URI clockUrl, FleetClock clock, Scheduler scheduler) {
        this.stateDir = stateDir;
        this.workDir = workDir;
        this.clockUrl = clockUrl;
        this.scheduler = scheduler;
        this.host = new HostFindings(new HostFiles(Path.of("/")));
        this.programs = new ProgramFindings(new Programs(scheduler, Programs.LIMIT));
        this.clock = new ClockFindings(clock);
    }

    /**
     * Everything that was found, always the same things in the same order. Programs are run with {@code --version} or the
     * like, 5 seconds and 4 KiB each. Never fails because of what it finds; cancelling kills what it runs.
     */
    public Mono<List<Finding>> examine() {
        return Mono.zip(files(), programs.all(), clock.compare(clockUrl))
                .map(all -> Stream.of(all.getT1(), List.of(all.getT3()), all.getT2()).flatMap(List::stream).toList());
    }

    private Mono<List<Finding>> files() {
        return Mono.fromCallable(() -> Stream.concat(host.all().stream(),
                Stream.of(DiskFindings.of("stateDir", stateDir), DiskFindings.of("workDir", workDir))).toList())
                .subscribeOn(scheduler);
    }
}
