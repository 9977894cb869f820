package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.LogLine;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What user code wrote, as JSON lines: {@code <logs>/<definition>/<execution>.jsonl}, for the logs endpoints and for whoever
 * ships files (contract section 10). A program that writes too much is throttled, and its log says so.
 */
final class LogFolder {
    /** A log that grows beyond it begins anew, and keeps its last part. */
    static final long MOST_FILE_BYTES = 16L << 20;
    private static final int MOST_READ = 4 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final Scheduler files;
    private final FleetClock clock;
    private final Map<UUID, Throttle> throttles = new ConcurrentHashMap<>();

    LogFolder(Path folder, Scheduler files, FleetClock clock) {
        this.folder = folder;
        this.files = files;
        this.clock = clock;
    }

    /** Adds lines; calls for one execution follow each other, and no lines are the last of them. */
    Mono<Void> append(LiveExecution it, List<LogLine> lines) {
        return Mono.defer(() -> {
            Throttle throttle = throttles.get(it.id());
            return lines.isEmpty() && (throttle == null || !throttle.owes()) ? Mono.empty() : added(it, lines);
        });
    }

    private Mono<Void> added(LiveExecution it, List<LogLine> lines) {
        return Mono.<Void>fromRunnable(() -> {
            Throttle throttle = throttles.computeIfAbsent(it.id(), id -> new Throttle(clock));
            StringBuilder text = new StringBuilder();
            for (LogLine line : throttle.admit(lines)) {
                text.append(json(it, line)).append('\n');
            }
            if (!text.isEmpty()) {
                write(file(it.definition(), it.id()), text.toString());
            }
        }).subscribeOn(files);
    }

    private String json(LiveExecution it, LogLine line) {
        UUID deployment = it.deployment();
        return JSON.createObjectNode().put("time", clock.now().toString()).put("tenant", it.tenant().toString())
                .put("definition", it.definition().toString())
                .put("deployment", deployment == null ? null : deployment.toString())
                .put("execution", it.id().toString()).put("stream", line.stream()).put("runner", it.runner)
                .put("text", line.text()).toString();
    }

    private static void write(Path file, String text) {
        try {
            PrivateFolders.make(Objects.requireNonNull(file.getParent()));
            if (Files.exists(file) && Files.size(file) > MOST_FILE_BYTES) {
                Files.move(file, former(file), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Nothing more will come of it. */
    void ended(UUID execution) {
        throttles.remove(execution);
    }

    /** The last lines of one execution, oldest first; nothing when it wrote none. */
    Mono<List<JsonNode>> tail(UUID definition, UUID execution, int lines) {
        return Mono.fromCallable(() -> {
            Path file = file(definition, execution);
            List<JsonNode> last = new ArrayList<>(last(file, lines));
            if (last.size() < lines) {
                last.addAll(0, last(former(file), lines - last.size()));
            }
            return last;
        }).subscribeOn(files);
    }

    private static List<JsonNode> last(Path file, int most) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(0, channel.size() - MOST_READ);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // until it is full
            }
            List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).lines()
                    .toList();
            // the first one may be only the end of a line
            List<String> whole = from > 0 ? lines.subList(1, lines.size()) : lines;
            return whole.subList(Math.max(0, whole.size() - most), whole.size()).stream().flatMap(LogFolder::read)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** A line that a crash cut short is left out. */
    private static Stream<JsonNode> read(String line) {
        try {
            return Stream.of(JSON.readTree(line));
        } catch (JacksonException e) {
            return Stream.empty();
        }
    }

    /** Removes the logs of one execution. Blocks on the disk. */
    void remove(UUID definition, UUID execution) throws IOException {
        Path file = file(definition, execution);
        Files.deleteIfExists(file);
        Files.deleteIfExists(former(file));
    }

    /** Removes the logs of a definition. Blocks on the disk. */
    void remove(UUID definition) throws IOException {
        PrivateFolders.remove(folder.resolve(definition.toString()));
    }

    private Path file(UUID definition, UUID execution) {
        return folder.resolve(definition.toString()).resolve(execution + ".jsonl");
    }

    private static Path former(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }
}
