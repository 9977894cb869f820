package dev.coxswain.supervisor.shard;

/** Where the Leases are. */
interface LeaseStore extends AutoCloseable {
    /**
     * Does what is asked, and waits for the answer. A call that nobody waits for any more may still be carried out later.
     *
     * @throws RuntimeException when nobody knows what came of it
     */
    Op.Answer call(Op op);

    @Override
    void close();
}
