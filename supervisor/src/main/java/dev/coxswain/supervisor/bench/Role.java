package dev.coxswain.supervisor.bench;

import java.util.Map;

/** What a child process is for. Its orders come one at a time, on the child's main thread, which may wait. */
interface Role extends AutoCloseable {
    /** Does it and says what it measured; {@code seconds}, {@code cpu}, {@code childCpu} are added by the caller. */
    Map<String, Double> carryOut(Order order) throws Exception;

    @Override
    void close();
}
