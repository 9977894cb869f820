package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Measures a supervisor from outside: its own metrics, what its JVM tells of itself, and what the system knows. Blocks. */
final class SoakProbe {
    /** What the JVM of the supervisor must be started with. */
    static final List<String> JVM = List.of("-XX:NativeMemoryTracking=summary", "-XX:+ExitOnOutOfMemoryError");
    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");
    /** Direct buffers of every kind, also those that the buffer pool's meter does not know. */
    private static final Pattern OTHER = Pattern.compile("-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final double KIB_IN_MIB = 1 << 10;

    private final SupervisorProcess process;
    private final SupervisorFolder files;
    private final Path commands;

    SoakProbe(SupervisorProcess process, SupervisorFolder files) {
        this.process = process;
        this.files = files;
        try {
            commands = Files.writeString(files.folder().resolve("jcmd"),
                    "GC.run\nGC.heap_info\nVM.native_memory summary scale=KB\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Collects its garbage and looks at everything. */
    Map<SoakMeasure, Double> measure() {
        Map<SoakMeasure, Double> values = new EnumMap<>(SoakMeasure.class);
        String told = jcmd();
        values.put(SoakMeasure.HEAP_MIB, sum(HEAP_USED, told) / KIB_IN_MIB);
        values.put(SoakMeasure.DIRECT_MIB, sum(OTHER, told) / KIB_IN_MIB);
        String metrics = process.metrics();
        values.put(SoakMeasure.THREADS, value(metrics, "jvm_threads_live_threads"));
        values.put(SoakMeasure.FILES, value(metrics, "process_files_open_files"));
        values.put(SoakMeasure.RSS_MIB, sum(RSS, read(Path.of("/proc/" + process.pid() + "/status"))) / KIB_IN_MIB);
        values.put(SoakMeasure.STATE_MIB, stateBytes() / KIB_IN_MIB / KIB_IN_MIB);
        values.put(SoakMeasure.PROCESSES, (double) files.processesLeft().size());
        values.put(SoakMeasure.FOLDERS, (double) files.workspacesLeft().size());
        return values;
    }

    /** The value of a meter without labels. */
    static double value(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + " ")).findFirst()
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .orElseThrow(() -> new AssertionError("no such meter: " + name));
    }

    private static double sum(Pattern pattern, String text) {
        List<Double> found = pattern.matcher(text).results().map(match -> Double.parseDouble(match.group(1))).toList();
        assertThat(found).as("%s in %s", pattern, text).isNotEmpty();
        return found.stream().mapToDouble(Double::doubleValue).sum();
    }

    private String jcmd() {
        try {
            Process jcmd = new ProcessBuilder(System.getProperty("java.home") + "/bin/jcmd",
                    String.valueOf(process.pid()), "-f", commands.toString()).redirectErrorStream(true).start();
            String told = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(jcmd.waitFor()).as(told).isZero();
            return told;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private double stateBytes() {
        try (Stream<Path> all = Files.list(files.state())) {
            return all.filter(Files::isRegularFile).mapToDouble(SoakProbe::size).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // written under another name first
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
