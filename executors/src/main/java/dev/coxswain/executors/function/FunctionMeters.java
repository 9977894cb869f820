package dev.coxswain.executors.function;

/** Hears what the processes of one workload do. Called by any thread, so it must be quick and must not block. */
public interface FunctionMeters {
    /** Hears nothing. */
    FunctionMeters NONE = new FunctionMeters() {
        @Override
        public void called(boolean warm) {}

        @Override
        public void dropped(long bytes) {}
    };

    /**
     * A call has its process.
     *
     * @param warm whether it was kept from a call before
     */
    void called(boolean warm);

    /** A process wrote so much while no call ran; nobody's log has it. */
    void dropped(long bytes);
}
