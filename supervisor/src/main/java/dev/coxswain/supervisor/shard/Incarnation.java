package dev.coxswain.supervisor.shard;

/**
 * One life of a supervisor: what the Leases name as their holder. A supervisor that lost its right to act begins another
 * one, so that nothing that was said of the first can be taken for the second.
 *
 * @param member the supervisor's name, without {@code _}
 * @param life random
 */
record Incarnation(String member, String life) {
    @Override
    public String toString() {
        return member + "_" + life;
    }

    /** The supervisor's name in a holder's identity. */
    static String member(String holder) {
        int end = holder.lastIndexOf('_');
        return end < 0 ? holder : holder.substring(0, end);
    }
}
