package dev.coxswain.executors.actions;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Several files as one ZIP, which has the same bytes for the same files: its entries have no times. */
final class Archive {
    /** The oldest time that a ZIP can hold. */
    private static final FileTime TIMELESS = FileTime.fromMillis(315_532_800_000L);

    private final Workspace workspace;
    private final Scheduler files;

    /** @param files bounded; reads and writes them */
    Archive(Workspace workspace, Scheduler files) {
        this.workspace = workspace;
        this.files = files;
    }

    /** What goes in, under which name. */
    record Item(String path, String name) {}

    private record Local(Path file, String name) {}

    /** Makes it. Cancelling is safe, and leaves at most a part of it in the workspace. */
    Mono<Void> make(List<Item> items, String archive) {
        return workspace.write(archive, new byte[0]).then(Flux.fromIterable(items)
                .concatMap(item -> workspace.localFile(item.path()).map(file -> new Local(file, item.name())), 1)
                .collectList())
                .flatMap(locals -> workspace.localFile(archive).flatMap(place -> {
                    // beside its place, so that it is on the same disk
                    Path part = place.resolveSibling(place.getFileName() + ".part");
                    return Mono.<Void>fromRunnable(() -> write(locals, part)).subscribeOn(files)
                            .then(workspace.place(archive, part));
                }));
    }

    private static void write(List<Local> locals, Path archive) {
        try (OutputStream out = Files.newOutputStream(archive, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16))) {
            for (Local local : locals) {
                ZipEntry entry = new ZipEntry(local.name);
                entry.setLastModifiedTime(TIMELESS);
                zip.putNextEntry(entry);
                Files.copy(local.file, zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new WorkspaceException("the archive can't be made: " + e.getMessage(), e);
        }
    }
}
