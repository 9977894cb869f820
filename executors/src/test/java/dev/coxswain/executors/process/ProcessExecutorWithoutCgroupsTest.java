package dev.coxswain.executors.process;

/** The same on a host that grants no control groups: sessions and markers alone. */
class ProcessExecutorWithoutCgroupsTest extends ProcessExecutorTest {
    @Override
    ProcessExecutor newExecutor() {
        return newExecutor(folder -> null, Spawner::ofHost);
    }
}
