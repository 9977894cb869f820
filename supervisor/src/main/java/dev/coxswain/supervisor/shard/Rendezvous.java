package dev.coxswain.supervisor.shard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing: of all that could have a thing, the one with the highest number, made from both, has it. So when one
 * goes only its things move, and when one comes only those that move to it. Every supervisor gets the same numbers.
 */
final class Rendezvous {
    private Rendezvous() {}

    /** Who of these has the shard; null when there is nobody. */
    static @Nullable String owner(int shard, Collection<String> members) {
        String best = null;
        long most = 0;
        for (String member : members) {
            long score = score(shard, hash(member));
            if (best == null || score > most || (score == most && member.compareTo(best) < 0)) {
                best = member;
                most = score;
            }
        }
        return best;
    }

    /** Which of so many has the thing with this hash. */
    static int index(long hash, int count) {
        int best = 0;
        long most = Long.MIN_VALUE;
        for (int index = 0; index < count; index++) {
            long score = score(hash, index);
            if (score > most) {
                best = index;
                most = score;
            }
        }
        return best;
    }

    /** The first 8 bytes of the text's SHA-256. */
    static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long hash = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                hash = hash << Byte.SIZE | (digest[i] & 0xff);
            }
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static long score(long thing, long who) {
        return mixed(mixed(thing) ^ mixed(who + 0x9e3779b97f4a7c15L));
    }

    /** The finalizer of MurmurHash3: every bit of the number decides about every bit of the result. */
    private static long mixed(long number) {
        long mixed = (number ^ number >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
