package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files that nothing in the store knows: those that an end of the process left between a change of the disk and one
 * of the store.
 *
 * @param versions that have a row
 * @param unprocessed those of them that still need their ZIP
 * @param executions that have not ended
 */
record Strays(Set<UUID> definitions, Set<UUID> versions, Set<UUID> unprocessed, Set<UUID> executions) {
    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    /** What the store knows. */
    static Strays besides(Sql sql) throws SQLException {
        return new Strays(ids(sql, "SELECT id FROM definition"), ids(sql, "SELECT id FROM version"),
                Set.copyOf(VersionRows.unfinished(sql)), ids(sql, "SELECT id FROM execution WHERE status < 3"));
    }

    private static Set<UUID> ids(Sql sql, String query) throws SQLException {
        return new HashSet<>(sql.list(query, row -> Sql.id(row, "id")));
    }

    /** For the start, before anything new can come. Blocks on the disk; what can't be removed is told of and stays. */
    int removeFrom(CodeFolders folders) {
        return removed(folders.archives(), unprocessed) + removed(folders.codes(), versions)
                + removed(folders.payloads(), executions) + removed(folders.logs(), definitions);
    }

    private static int removed(Path folder, Set<UUID> known) {
        int removed = 0;
        try {
            for (Path each : entries(folder)) {
                UUID id = Fields.idOrNull(each.getFileName().toString().replaceFirst("\\..*", ""));
                // what is not named as ours is not ours
                if (id != null && !known.contains(id)) {
                    PrivateFolders.remove(each);
                    removed++;
                }
            }
        } catch (IOException e) {
            LOG.warn("files that nobody needs were left in {}: {}", folder, e.toString());
        }
        if (removed > 0) {
            LOG.info("files of a former life removed: folder={} number={}", folder, removed);
        }
        return removed;
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
