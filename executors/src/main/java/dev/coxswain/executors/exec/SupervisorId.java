package dev.coxswain.executors.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import dev.coxswain.executors.WorkspaceException;

/**
 * What a supervisor's containers or pods are known by: kept in its state folder, which one supervisor at a time uses. A name in
 * the configuration may be that of several, and so may a path: supervisors in containers may see their folders under one name.
 */
public final class SupervisorId {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    private SupervisorId() {}

    /**
     * Reads it, or makes it. Blocks.
     *
     * @param what is known by it: {@code pods}
     * @return 16 hexadecimal digits
     */
    public static String in(Path stateDir, String what) {
        Path file = stateDir.resolve(what + "-id");
        try {
            if (Files.exists(file)) {
                String id = Files.readString(file).strip();
                if (ID.matcher(id).matches()) {
                    return id;
                }
            }
            String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            Files.createDirectories(stateDir);
            Path made = Files.writeString(stateDir.resolve(what + "-id.new"), id + "\n");
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return id;
        } catch (IOException e) {
            throw new WorkspaceException("cannot keep in " + stateDir + " which " + what + " are ours: " + e, e);
        }
    }
}
