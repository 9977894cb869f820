package dev.coxswain.executors.process;

/** The JDK's way on a host that grants no control groups. */
class ProcessExecutorOfTheJdkWithoutCgroupsTest extends ProcessExecutorTest {
    @Override
    ProcessExecutor newExecutor() {
        return newExecutor(false, JdkSpawner::new);
    }
}
