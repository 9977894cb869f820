package dev.coxswain.supervisor.coderunner.archive;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names of one archive: none twice, whatever a file system thinks of upper and lower case, and no file is a folder. */
final class Names {
    private final Map<String, Boolean> seen = new HashMap<>();
    private final Set<String> folders = new HashSet<>();

    void add(List<String> parts, boolean isFolder) throws ArchiveException {
        String name = folded(String.join("/", parts));
        if (seen.putIfAbsent(name, isFolder) != null) {
            throw new ArchiveException("the entry " + EntryName.shown(String.join("/", parts))
                    + " is there twice, perhaps in another spelling");
        }
        if (!isFolder && folders.contains(name)) {
            throw clash(parts);
        }
        for (int length = 1; length < parts.size(); length++) {
            String above = folded(String.join("/", parts.subList(0, length)));
            folders.add(above);
            if (Boolean.FALSE.equals(seen.get(above))) {
                throw clash(parts);
            }
        }
    }

    private static ArchiveException clash(List<String> parts) {
        return new ArchiveException("the entry " + EntryName.shown(String.join("/", parts))
                + " needs one name for a file and for a folder");
    }

    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
