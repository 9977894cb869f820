package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.coxswain.executors.WorkspaceException;

/**
 * What a supervisor's containers are known by: kept in its state folder, which one supervisor at a time uses. A path would
 * not do: supervisors that are containers themselves may share an engine and see their folders under one name.
 */
final class SupervisorId {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    private SupervisorId() {}

    /** Reads it, or makes it. Blocks. */
    static String in(Path stateDir) {
        Path file = stateDir.resolve("containers-id");
        try {
            if (Files.exists(file)) {
                String id = Files.readString(file).strip();
                if (ID.matcher(id).matches()) {
                    return id;
                }
            }
            String id = ContainerNames.digest(UUID.randomUUID().toString());
            Files.createDirectories(stateDir);
            Path made = Files.writeString(stateDir.resolve("containers-id.new"), id + "\n");
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return id;
        } catch (IOException e) {
            throw new WorkspaceException("cannot keep in " + stateDir + " which containers are ours: " + e, e);
        }
    }
}
