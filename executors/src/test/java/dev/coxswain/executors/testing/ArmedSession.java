package dev.coxswain.executors.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import reactor.blockhound.BlockHound;
import reactor.core.publisher.Hooks;

/** Arms BlockHound before the first test, and makes Reactor's stack traces name the assembly. */
public final class ArmedSession implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        BlockHound.install();
        Hooks.onOperatorDebug();
    }
}
