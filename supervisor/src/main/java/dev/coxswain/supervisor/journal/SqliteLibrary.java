package dev.coxswain.supervisor.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the SQLite driver unpacks its native library, a megabyte for each process. It removes it at a normal end only, so
 * that in the system's folder for temporary files each {@code kill -9} would leave one behind for ever.
 */
public final class SqliteLibrary {
    private static final String PROPERTY = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    /**
     * Makes this folder (0700) the place, and removes what former lives left in it. For the start of a process, before the
     * first journal is opened and while the {@link StateLock} of the folder above is held: a former life is over then. Does
     * nothing when {@code -Dorg.sqlite.tmpdir} says another place, as it must where nothing may be executed from the state
     * folder's disk. Blocks on the disk.
     *
     * @throws JournalException when the folder can't be made or emptied
     */
    public static void unpackInto(Path folder) {
        Path place = folder.toAbsolutePath();
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null && !chosen.equals(place.toString())) {
            return;
        }
        try {
            StateFiles.folder(place);
            for (Path file : files(place)) {
                // of a process that is over, or mapped by this one already: it needs no name any more
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new JournalException("cannot prepare " + place + " for the SQLite library (" + StateFiles.why(e)
                    + "): make it writable for this user, or set supervisor.stateDir to another one", e);
        }
        System.setProperty(PROPERTY, place.toString());
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> left = Files.list(place)) {
            return left.filter(Files::isRegularFile).toList();
        }
    }
}
