package dev.coxswain.executors.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.coxswain.executors.Workspace.Entry;
import dev.coxswain.executors.WorkspaceException;

/** Reads what {@link FilePrograms#list} writes. */
final class Listing {
    private static final byte[] END = {'/', '/', '\n'};
    private static final int LONGEST = 64 << 10;
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{1,8}) (\\d{1,18}) \\./(.+)", Pattern.DOTALL);
    private static final int KIND = 0xF000;
    private static final int FILE = 0x8000;
    private static final int FOLDER = 0x4000;

    private final int most;
    private final List<Entry> entries = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int matched;

    Listing(int most) {
        this.most = most;
    }

    void add(byte[] bytes) {
        for (byte each : bytes) {
            matched = each == END[matched] ? matched + 1 : each == END[0] ? 1 : 0;
            line.write(each);
            if (matched == END.length) {
                matched = 0;
                entry(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
        if (line.size() > LONGEST) {
            throw unreadable();
        }
    }

    private void entry(String text) {
        Matcher read = LINE.matcher(text.substring(0, text.length() - END.length));
        if (!read.matches()) {
            throw unreadable();
        }
        int kind = Integer.parseInt(read.group(1), 16) & KIND;
        if (kind != FILE && kind != FOLDER) {
            return;
        }
        if (entries.size() == most) {
            throw new WorkspaceException("more than " + most + " files and folders lie in the workspace");
        }
        entries.add(new Entry(read.group(3), kind == FOLDER, kind == FOLDER ? 0 : Long.parseLong(read.group(2))));
    }

    private static WorkspaceException unreadable() {
        return new WorkspaceException("the list of files that the pod gives can't be read");
    }

    /** Each folder before what is in it, in the order of their names. */
    List<Entry> entries() {
        entries.sort(Comparator.comparing(entry -> entry.path().replace('/', '\0')));
        return entries;
    }
}
