package dev.coxswain.executors.process;

import java.io.IOException;

/** The same on a host whose C library hasn't all it takes: processes are started in the JDK's way. */
class ProcessExecutorOfTheJdkTest extends ProcessExecutorTest {
    @Override
    ProcessExecutor newExecutor() {
        return newExecutor(Cgroups::of, JdkSpawner::new);
    }

    @Override
    long signalsThatPassOn() throws IOException {
        return HostSignals.ignored();
    }
}
