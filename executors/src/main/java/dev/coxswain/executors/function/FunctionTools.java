package dev.coxswain.executors.function;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import io.netty.channel.EventLoopGroup;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all processes of a workload share.
 *
 * @param sockets the thread of all channels
 * @param files makes links for sockets; blocks
 * @param timer time limits, looks at the memory, idle expiry
 * @param secrets for marks
 * @param dropped bytes that processes wrote between calls
 * @param meters hears of calls and of what was dropped
 */
record FunctionTools(JsonMapper mapper, EventLoopGroup sockets, Scheduler files, Scheduler timer,
        LongSupplier secrets, LongAdder dropped, FunctionMeters meters) {
    /** Counts what a process wrote while no call ran. */
    void drop(long bytes) {
        dropped.add(bytes);
        meters.dropped(bytes);
    }
}
