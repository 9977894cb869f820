package dev.coxswain.supervisor.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import reactor.blockhound.BlockHound;
import reactor.core.publisher.Hooks;

/** Arms BlockHound before the first test, and makes Reactor's stack traces name the assembly. */
public final class ArmedSession implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        BlockHound.install(allowed -> allowed
                // locks of libraries, held for a few instructions, that no user of them can get around: growing the
                // allocator, and the first use of a type by two threads at once
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "free")
                .allowBlockingCallsInside("tools.jackson.databind.deser.DeserializerCache",
                        "_createAndCacheValueDeserializer"));
        Hooks.onOperatorDebug();
    }
}
