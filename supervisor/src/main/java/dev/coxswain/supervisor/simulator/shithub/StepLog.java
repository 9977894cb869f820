package dev.coxswain.supervisor.simulator.shithub;

import java.util.Map;
import java.util.TreeMap;

/**
 * The chunks of one step's log (contract shithub-actions 6): numbered from 0 in each step, the first one under a number
 * wins. What is stored is masked, also where a secret begins in the chunk before.
 */
final class StepLog {
    static final int MAX_CHUNK_BYTES = 512 << 10;

    /** What became of a chunk. */
    enum Taken {
        /** It is stored. */
        STORED,
        /** The same one was there already. */
        REPEATED,
        /** Another one has its number: nobody will ever read it. */
        IGNORED,
        /** With what is carried over to it, it is too large to be stored. */
        TOO_LARGE
    }

    /** What is known of a stored chunk: its fingerprint, and its end, which may be the beginning of a secret. */
    private record Stored(int hash, String carried) {}

    private final Masks masks;
    private final int mostKept;
    private final TreeMap<Integer, Stored> stored = new TreeMap<>();
    private final TreeMap<Integer, String> kept = new TreeMap<>();
    private int keptChars;
    private long bytes;

    /** @param mostKept so many bytes of it can be read afterwards */
    StepLog(Masks masks, int mostKept) {
        this.masks = masks;
        this.mostKept = mostKept;
    }

    /** Takes the chunk, given as a text of single bytes. */
    Taken append(int sequence, String chunk) {
        Stored there = stored.get(sequence);
        if (there != null) {
            return there.hash() == chunk.hashCode() ? Taken.REPEATED : Taken.IGNORED;
        }
        Map.Entry<Integer, Stored> before = stored.lowerEntry(sequence);
        String joined = (before == null ? "" : before.getValue().carried()) + chunk;
        String hidden = masks.hide(joined);
        if (hidden.length() > MAX_CHUNK_BYTES) {
            return Taken.TOO_LARGE;
        }
        String carried = masks.begun(hidden);
        if (before != null) {
            stored.put(before.getKey(), new Stored(before.getValue().hash(), ""));
        }
        stored.put(sequence, new Stored(chunk.hashCode(), carried));
        bytes += chunk.length();
        if (keptChars + hidden.length() <= mostKept) {
            keptChars += hidden.length();
            kept.put(sequence, hidden.substring(0, hidden.length() - carried.length()));
        }
        return Taken.STORED;
    }

    /** Whether the chunk, with the end of the one before, holds what was to be masked before it was sent. */
    boolean reveals(int sequence, String chunk) {
        Map.Entry<Integer, Stored> before = stored.lowerEntry(sequence);
        return masks.foundIn((before == null ? "" : before.getValue().carried()) + chunk);
    }

    /** What a reader sees, as far as it is kept. */
    String text() {
        StringBuilder text = new StringBuilder();
        stored.forEach((sequence, chunk) -> {
            String visible = kept.get(sequence);
            text.append(visible == null ? "" : visible + chunk.carried());
        });
        return text.toString();
    }

    int chunks() {
        return stored.size();
    }

    /** How many bytes were sent. */
    long bytes() {
        return bytes;
    }
}
