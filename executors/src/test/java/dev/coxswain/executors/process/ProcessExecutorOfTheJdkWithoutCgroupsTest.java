package dev.coxswain.executors.process;

import java.io.IOException;

/** The JDK's way on a host that grants no control groups. */
class ProcessExecutorOfTheJdkWithoutCgroupsTest extends ProcessExecutorTest {
    @Override
    ProcessExecutor newExecutor() {
        return newExecutor(folder -> null, JdkSpawner::new);
    }

    @Override
    long signalsThatPassOn() throws IOException {
        return HostSignals.ignored();
    }
}
