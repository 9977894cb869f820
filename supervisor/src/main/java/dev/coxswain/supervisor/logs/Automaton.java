package dev.coxswain.supervisor.logs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Finds every occurrence of any of many patterns in one pass. Two parts: a sampler that looks at four bytes every few
 * bytes and knows that no pattern can be near, and an Aho-Corasick automaton that is entered only where one can. The
 * second never goes back behind what it has read, so the worst input costs a constant number of steps a byte, however
 * many patterns there are. With a pattern of less than four bytes the sampler knows nothing, and every byte is read.
 *
 * <p>
 * Immutable. States of an automaton stay valid in one that was built from the same patterns with more behind them, so
 * a stream can go on where it was.
 */
final class Automaton {
    /** Longer ones are cut by their maker; bounds what a stream holds back. */
    static final int MAX_PATTERN_BYTES = 4096;
    static final int ROOT = 0;
    static final Automaton NONE = new Automaton(List.of());

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int GRAM_BYTES = 4;
    /** A longer stride fills the sampler's table faster than it saves samples. */
    private static final int MAX_STRIDE = 16;
    private static final int NOTHING = -1;

    private final int[] roots = new int[256];
    private byte[] label = new byte[64];
    private int[] child = new int[64];
    private int[] sibling = new int[64];
    private short[] depth = new short[64];
    /** Length of the longest pattern that ends in this state; 0 for none. */
    private short[] longest = new short[64];
    private final int[] fail;
    private int states = 1;

    private final int stride;
    private final long[] grams;
    private final int gramShift;

    Automaton(List<byte[]> patterns) {
        child[ROOT] = NOTHING;
        int shortest = MAX_PATTERN_BYTES;
        for (byte[] pattern : patterns) {
            if (pattern.length == 0 || pattern.length > MAX_PATTERN_BYTES) {
                throw new IllegalArgumentException("a pattern of " + pattern.length + " bytes");
            }
            insert(pattern);
            shortest = Math.min(shortest, pattern.length);
        }
        this.fail = new int[states];
        link();
        trim();
        this.stride = Math.clamp(shortest - GRAM_BYTES + 1, 1, MAX_STRIDE);
        long wanted = (long) patterns.size() * stride * 64;
        int bits = Math.clamp(64 - Long.numberOfLeadingZeros(wanted), 13, 20);
        this.gramShift = 32 - bits;
        this.grams = new long[1 << (bits - 6)];
        if (shortest < GRAM_BYTES) {
            Arrays.fill(grams, -1L);
            return;
        }
        for (byte[] pattern : patterns) {
            for (int i = 0; i < stride; i++) {
                int slot = slot(pattern, i);
                grams[slot >>> 6] |= 1L << slot;
            }
        }
    }

    boolean isEmpty() {
        return states == 1;
    }

    /** How many of the newest bytes could be the beginning of a pattern. */
    int depth(int state) {
        return depth[state];
    }

    /**
     * Reads {@code text} from the state that the bytes before it led to; tells {@code hits} of every occurrence, by
     * ascending end.
     *
     * @return the state after the last byte
     */
    int scan(int state, byte[] text, Intervals hits) {
        int length = text.length;
        int current = state;
        int next = 0;
        while (true) {
            int least = next;
            if (current == ROOT) {
                least = sample(text, next);
                next = least - stride + 1;
            }
            // Every start up to and with the sampled byte is tried here; behind it the sampler goes on.
            while (next < length && (next <= least || current != ROOT)) {
                current = step(current, text[next++]);
                int found = longest[current];
                if (found > 0) {
                    hits.add(next - found, next);
                }
            }
            if (next >= length) {
                return current;
            }
        }
    }

    /** The first sampled position whose four bytes are in a pattern, or where four bytes are no longer left. */
    private int sample(byte[] text, int from) {
        int last = text.length - GRAM_BYTES;
        int at = from + stride - 1;
        int four = 4 * stride;
        while (at <= last - four) {
            long a = gram(text, at);
            long b = gram(text, at + stride);
            long c = gram(text, at + 2 * stride);
            long d = gram(text, at + 3 * stride);
            if (((a | b | c | d) & 1) != 0) {
                break;
            }
            at += four;
        }
        while (at <= last) {
            if ((gram(text, at) & 1) != 0) {
                return at;
            }
            at += stride;
        }
        return at;
    }

    private long gram(byte[] text, int at) {
        int slot = slot(text, at);
        return grams[slot >>> 6] >>> slot;
    }

    private int slot(byte[] text, int at) {
        return ((int) INT.get(text, at) * 0x9E3779B1) >>> gramShift;
    }

    private int step(int state, byte value) {
        int at = state;
        while (at != ROOT) {
            int to = childOf(at, value);
            if (to != NOTHING) {
                return to;
            }
            at = fail[at];
        }
        return roots[value & 0xFF];
    }

    private int childOf(int state, byte value) {
        int to = child[state];
        while (to != NOTHING && label[to] != value) {
            to = sibling[to];
        }
        return to;
    }

    private void insert(byte[] pattern) {
        int at = ROOT;
        for (byte value : pattern) {
            int to = at == ROOT ? roots[value & 0xFF] : childOf(at, value);
            if (to <= ROOT) {
                to = create(at, value);
            }
            at = to;
        }
        longest[at] = (short) pattern.length;
    }

    private int create(int parent, byte value) {
        if (states == label.length) {
            int room = states * 2;
            label = Arrays.copyOf(label, room);
            child = Arrays.copyOf(child, room);
            sibling = Arrays.copyOf(sibling, room);
            depth = Arrays.copyOf(depth, room);
            longest = Arrays.copyOf(longest, room);
        }
        int made = states++;
        label[made] = value;
        child[made] = NOTHING;
        depth[made] = (short) (depth[parent] + 1);
        if (parent == ROOT) {
            roots[value & 0xFF] = made;
            sibling[made] = NOTHING;
        } else {
            sibling[made] = child[parent];
            child[parent] = made;
        }
        return made;
    }

    /** It lives long: what grew in doubling steps would stay half empty. */
    private void trim() {
        label = Arrays.copyOf(label, states);
        child = Arrays.copyOf(child, states);
        sibling = Arrays.copyOf(sibling, states);
        depth = Arrays.copyOf(depth, states);
        longest = Arrays.copyOf(longest, states);
    }

    /** Breadth first, so that the shorter state that a failed step falls back to is always linked already. */
    private void link() {
        int[] queue = new int[states];
        int filled = 0;
        for (int root : roots) {
            if (root != ROOT) {
                queue[filled++] = root;
            }
        }
        for (int done = 0; done < filled; done++) {
            int parent = queue[done];
            for (int to = child[parent]; to != NOTHING; to = sibling[to]) {
                fail[to] = step(fail[parent], label[to]);
                if (longest[to] == 0) {
                    longest[to] = longest[fail[to]];
                }
                queue[filled++] = to;
            }
        }
    }
}
