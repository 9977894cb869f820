package dev.coxswain.supervisor.doctor;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Runs a program to see whether it is there: 5 seconds, 4 KiB of output, then it is killed. */
final class Programs {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int MAX_OUTPUT_BYTES = 4096;
    /** How often a quiet program is looked at; an exit is seen at once. */
    private static final long LOOK_MILLIS = 20;

    private final Scheduler scheduler;
    private final Duration limit;

    Programs(Scheduler scheduler, Duration limit) {
        this.scheduler = scheduler;
        this.limit = limit;
    }

    /** What came of running it; never an error. Cancelling kills it. */
    Mono<Ran> run(List<String> argv) {
        return Mono.fromCallable(() -> runNow(argv)).subscribeOn(scheduler);
    }

    private Ran runNow(List<String> argv) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(argv).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        } catch (IOException e) {
            return new Ran(End.NOT_FOUND, -1, "");
        }
        long begin = System.nanoTime();
        byte[] output = new byte[MAX_OUTPUT_BYTES];
        int length = 0;
        try (InputStream in = process.getInputStream()) {
            // A read of what is available can't hang, whoever else keeps the pipe open.
            boolean exited = false;
            while (length < output.length) {
                int ready = in.available();
                if (ready > 0) {
                    length += in.read(output, length, Math.min(ready, output.length - length));
                } else if (exited) {
                    break;
                } else if (System.nanoTime() - begin > limit.toNanos()) {
                    return new Ran(End.TOO_SLOW, -1, text(output, length));
                } else {
                    exited = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
            long left = limit.toNanos() - (System.nanoTime() - begin);
            if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
                return new Ran(End.TOO_SLOW, -1, text(output, length));
            }
            return new Ran(End.EXITED, process.exitValue(), text(output, length));
        } catch (IOException e) {
            return new Ran(End.EXITED, -1, text(output, length));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String text(byte[] output, int length) {
        return new String(Arrays.copyOf(output, length), StandardCharsets.UTF_8);
    }

    /** How a program ended. */
    enum End {
        /** could not be started */
        NOT_FOUND,
        /** was killed at its time limit */
        TOO_SLOW,
        /** by itself */
        EXITED
    }

    /**
     * What a program did.
     *
     * @param end how it ended
     * @param code its exit code; -1 without one
     * @param output both streams, cut at 4 KiB
     */
    record Ran(End end, int code, String output) {
        boolean isGood() {
            return end == End.EXITED && code == 0;
        }

        /** The first line that says something, without control characters, at most 120 characters. */
        String firstLine() {
            String line = output.lines().map(each -> each.replaceAll("\\p{Cntrl}", "").strip())
                    .filter(each -> !each.isEmpty()).findFirst().orElse("");
            return line.length() > 120 ? line.substring(0, 120) + "…" : line;
        }
    }
}
