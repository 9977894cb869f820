package dev.coxswain.supervisor.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code fleet.yaml} and everything that it names, strictly: an unknown key, a wrong value or a name that leads
 * nowhere is an error with its place, and all of them are reported at once. Relative file names in the file are taken
 * from the file's folder; only the default of {@code stateDir} is in the current folder.
 */
public final class FleetFileLoader {
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final Path currentFolder;
    private final Supplier<String> hostName;

    /** For the JVM's current folder and this host's name. */
    public FleetFileLoader() {
        this(Path.of(""), FleetFileLoader::hostName);
    }

    FleetFileLoader(Path currentFolder, Supplier<String> hostName) {
        this.currentFolder = currentFolder.toAbsolutePath().normalize();
        this.hostName = hostName;
    }

    /**
     * Reads and checks the file. Blocks on the disk: it is called on the main thread at start, and on a scheduler that
     * may block at a reload.
     *
     * @param file at most 1 MiB of YAML; messages name it as it is given here
     * @param environment what <code>${NAME}</code> and {@code credentials.env} look into
     * @throws ConfigException with all problems; no message holds a secret
     */
    public FleetFile load(Path file, Map<String, String> environment) {
        String name = file.toString();
        Path absolute = currentFolder.resolve(file).normalize();
        Path folder = Objects.requireNonNullElse(absolute.getParent(), currentFolder);
        Problems problems = new Problems();
        Reader reader = new Reader(name, folder, problems, new Substitution(environment, folder));
        Section root = root(absolute, reader);
        if (root != null) {
            FleetFile fleet = new FleetAssembler(reader, root, environment, currentFolder, hostName).assemble();
            if (fleet != null) {
                return fleet;
            }
        }
        problems.throwIfAny(name);
        throw new IllegalStateException("a configuration was refused without a problem");
    }

    private static @Nullable Section root(Path file, Reader reader) {
        Place whole = new Place(reader.file(), 0, 0);
        String text;
        try {
            text = TextFile.read(file, MAX_FILE_BYTES);
        } catch (Refused e) {
            reader.problems().error(whole, "", e.text(), e.hint());
            return null;
        }
        YamlNode tree = YamlTree.parse(reader.file(), text, reader.problems());
        if (tree == null || (tree instanceof YamlNode.Text nothing && nothing.isNothing())) {
            if (reader.problems().isEmpty()) {
                reader.problems().error(whole, "", "the file is empty", "it needs controlPlanes and pools");
            }
            return null;
        }
        YamlNode.Entries entries = reader.entries(tree, "");
        return entries == null ? null : Section.open(reader, FleetKeys.Root.ALL, entries, "");
    }

    /** This host's name; may block, since it may be looked up. */
    public static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "coxswain"; // a host whose own name is not in its hosts file still has a supervisor
        }
    }
}
