package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Where the server keeps files, below {@code <stateDir>/coderunner}; each version and execution has its own. */
final class CodeFolders {
    private final Path root;

    CodeFolders(Path root) {
        this.root = root.toAbsolutePath();
    }

    Path store() {
        return root.resolve("coderunner.db");
    }

    /** Uploads that are not whole yet; emptied at each start. */
    Path incoming() {
        return root.resolve("incoming");
    }

    Path archives() {
        return root.resolve("archives");
    }

    /** A version's ZIP, until it is processed. */
    Path archive(UUID version) {
        return archives().resolve(version + ".zip");
    }

    Path codes() {
        return root.resolve("code");
    }

    /** A version's code, once it is completed. */
    Path code(UUID version) {
        return codes().resolve(version.toString());
    }

    /** A version's code while it is prepared. */
    Path preparing(UUID version) {
        return root.resolve("preparing").resolve(version.toString());
    }

    Path payloads() {
        return root.resolve("payloads");
    }

    Path payload(UUID execution) {
        return payloads().resolve(execution + ".json");
    }

    Path logs() {
        return root.resolve("logs");
    }

    /** Makes the folders, and removes what only a former life could use. Blocks on the disk. */
    void prepare() throws IOException {
        PrivateFolders.remove(incoming());
        PrivateFolders.remove(root.resolve("preparing"));
        for (String name : List.of("incoming", "archives", "code", "preparing", "payloads", "logs")) {
            PrivateFolders.make(root.resolve(name));
        }
    }

    /** Removes all that a version has. Blocks on the disk. */
    void removeVersion(UUID version) throws IOException {
        PrivateFolders.remove(archive(version));
        PrivateFolders.remove(preparing(version));
        PrivateFolders.remove(code(version));
    }
}
