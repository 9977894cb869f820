package dev.coxswain.supervisor.logs;

/** What a reader makes of a log's bytes. */
interface LogView<T> {
    /** The bytes as they are. */
    LogView<byte[]> BYTES = new LogView<>() {
        @Override
        public byte[] of(long place, byte[] chunk) {
            return chunk;
        }

        @Override
        public boolean hasMore(long place) {
            return false;
        }
    };

    /** What is emitted for the bytes at this place; called once for each chunk, in order. */
    T of(long place, byte[] chunk);

    /** Whether there is something to emit at this place though no byte is; then {@link #of} is called with none. */
    boolean hasMore(long place);
}
