package dev.coxswain.supervisor.pressure;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What is read of hosts of every kind. */
class HostReaderTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aHostWithoutControlGroupsIsReadWhole() {
        Map<Resource, Pressure> seen = new MadeUpHost(folder).look();

        assertThat(seen).containsOnlyKeys(Resource.values());
        assertThat(seen).containsEntry(Resource.MEMORY, new Pressure.Used(0.4))
                .containsEntry(Resource.MEMORY_STALL, new Pressure.Used(0))
                .containsEntry(Resource.DISK, new Pressure.Space(0.6, 400))
                .containsEntry(Resource.CPU, new Pressure.Used(0.125)).containsEntry(Resource.IO, new Pressure.Used(1))
                .containsEntry(Resource.LOAD, new Pressure.Used(0.5))
                .containsEntry(Resource.OPEN_FILES, new Pressure.Used(0.25))
                .containsEntry(Resource.PIDS, new Pressure.Used(0.1));
        assertThat(seen.get(Resource.INODES)).isInstanceOfSatisfying(Pressure.Used.class,
                used -> assertThat(used.ratio()).isEqualTo(0.1, within(1e-9)));
    }

    private static Arguments memory(String what, double used, UnaryOperator<MadeUpHost> change) {
        return Arguments.of(what, used, change);
    }

    /** Each host, and how much of its memory is used. 1000 kB are 1,024,000 bytes; the host itself says 0.4. */
    static Stream<Arguments> memories() {
        return Stream.of(
                memory("v2 without a limit", 0.4, host -> host.unified().memoryOfGroup("a/b", "max", 900, 0)),
                memory("v2, our own group", 0.7, host -> host.unified().memoryOfGroup("a/b", "1000", 900, 200)),
                memory("v2, the group above is nearer", 0.9,
                        host -> host.unified().memoryOfGroup("a/b", "1000", 500, 0).memoryOfGroup("a", "2000", 1900,
                                100)),
                memory("v2, the group above is farther", 0.5,
                        host -> host.unified().memoryOfGroup("a/b", "1000", 500, 0).memoryOfGroup("a", "2000", 800, 0)),
                memory("v2, the host is nearer", 0.4, host -> host.unified().memoryOfGroup("a/b", "1000", 100, 0)),
                memory("v2, more cache than use", 0.4, host -> host.unified().memoryOfGroup("a/b", "1000", 900, 950)),
                memory("v2, over its limit", 1, host -> host.unified().memoryOfGroup("a/b", "1000", 1200, 0)),
                memory("v2, nothing allowed", 1, host -> host.unified().memoryOfGroup("a/b", "0", 0, 0)),
                memory("v2, a namespace that shows a group outside", 0.4,
                        host -> host.unified().file("proc/self/cgroup", "0::/../c\n").memoryOfGroup("c", "10", 10, 0)),
                memory("v1 without a limit", 0.4,
                        host -> host.old().memoryOfOldGroup("/b", "9223372036854771712", 900, 0)),
                memory("v1, an older kernel's no limit", 0.4,
                        host -> host.old().memoryOfOldGroup("/b", "18446744073709551615", 900, 0)),
                memory("v1, our own group", 0.7, host -> host.old().memoryOfOldGroup("/b", "1000", 900, 200)),
                memory("v1, the group above is nearer", 0.95,
                        host -> host.old().memoryOfOldGroup("/b", "1000", 900, 200).memoryOfOldGroup("", "1000", 950,
                                0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memories")
    void memoryIsThatOfTheNearestLimit(String what, double used, UnaryOperator<MadeUpHost> change) {
        assertThat(change.apply(new MadeUpHost(folder)).ratio(Resource.MEMORY)).isEqualTo(used, within(1e-9));
    }

    @Test
    void pidsAreThoseOfTheNearestLimit() {
        MadeUpHost host = new MadeUpHost(folder).unified().file("sys/fs/cgroup/a/b/pids.max", "max\n")
                .file("sys/fs/cgroup/a/b/pids.current", "100\n");
        assertThat(host.ratio(Resource.PIDS)).isEqualTo(0.1);
        host.file("sys/fs/cgroup/a/pids.max", "200\n").file("sys/fs/cgroup/a/pids.current", "150\n");
        assertThat(host.ratio(Resource.PIDS)).isEqualTo(0.75);

        host.old().file("sys/fs/cgroup/pids/b/pids.max", "10\n").file("sys/fs/cgroup/pids/b/pids.current", "9\n");
        assertThat(host.ratio(Resource.PIDS)).isEqualTo(0.9);
    }

    @Test
    void withoutPsiLoadTellsWhatShareWaitsForACore() {
        MadeUpHost host = new MadeUpHost(folder).without("proc/pressure/cpu");

        assertThat(host.ratio(Resource.CPU)).isZero();
        host.file("proc/loadavg", "10.00 1.18 2.07 1/100 25767\n");
        assertThat(host.ratio(Resource.CPU)).isEqualTo(0.6);
        assertThat(host.ratio(Resource.LOAD)).isEqualTo(2.5);
        host.file("proc/loadavg", "0.00 1.18 2.07 1/100 25767\n");
        assertThat(host.ratio(Resource.CPU)).isZero();
        host.without("proc/loadavg");
        assertThat(host.ratio(Resource.CPU)).isNaN();
    }

    @Test
    void openFilesWithoutALimitAreNone() {
        MadeUpHost host = new MadeUpHost(folder).file("proc/self/limits",
                "Max open files            unlimited            unlimited            files\n");

        assertThat(host.ratio(Resource.OPEN_FILES)).isLessThan(1e-9);
    }

    /** Each file, and what can't be known without it. */
    static Stream<Arguments> files() {
        return Stream.of(Arguments.of("proc/meminfo", List.of(Resource.MEMORY)),
                Arguments.of("proc/pressure/memory", List.of(Resource.MEMORY_STALL)),
                Arguments.of("proc/pressure/io", List.of(Resource.IO)),
                Arguments.of("proc/loadavg", List.of(Resource.LOAD, Resource.PIDS)),
                Arguments.of("proc/self/limits", List.of(Resource.OPEN_FILES)),
                Arguments.of("proc/sys/kernel/pid_max", List.of(Resource.PIDS)),
                Arguments.of("proc/sys/kernel/threads-max", List.of(Resource.PIDS)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aMissingFileDisablesItsReadingsOnly(String file, List<Resource> unknown) {
        unknownAre(new MadeUpHost(folder).without(file), unknown, "/" + file);
    }

    @ParameterizedTest
    @MethodSource("files")
    void garbageDisablesItsReadingsOnly(String file, List<Resource> unknown) {
        for (String garbage : List.of("", "\n", "no such thing\n", "-1\n", "some avg10=x\n", "\0\0", "MemTotal: kB\n",
                "MemTotal: 99999999999999999999 kB\n", "9999999999999999999999\n", "NaN NaN NaN 1/2 3\n")) {
            unknownAre(new MadeUpHost(folder).file(file, garbage), unknown, "/" + file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory.max", "memory.current", "memory.stat"})
    void garbageInAGroupDisablesMemoryOnly(String file) {
        MadeUpHost host = new MadeUpHost(folder).unified().memoryOfGroup("a/b", "1000", 900, 0)
                .file("sys/fs/cgroup/a/b/" + file, "garbage\n");

        unknownAre(host, List.of(Resource.MEMORY), "/sys/fs/cgroup/a/b/" + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "a b c d e - cgroup2", "- cgroup2 x y", "1 2 3 / /a\\134\\040b - cgroup2 c rw",
            "1 2 3 /\0 /\0 - cgroup2 c rw"})
    void garbageInMountinfoIsNoControlGroupOrNoReading(String mountinfo) {
        MadeUpHost host = new MadeUpHost(folder).file("proc/self/mountinfo", mountinfo)
                .file("proc/self/cgroup", "0::/a\n:\n::\n0\n");

        assertThat(host.look().get(Resource.MEMORY)).isNotNull()
                .satisfiesAnyOf(reading -> assertThat(reading).isEqualTo(new Pressure.Used(0.4)),
                        reading -> assertThat(reading).isInstanceOf(Pressure.Unknown.class));
        assertThat(host.ratio(Resource.IO)).isEqualTo(1);
    }

    @Test
    void garbageAboutCoresDisablesLoadOnly() {
        for (String garbage : List.of("", "x", "3-1", "0-", "-1", ",", "0-99999999999")) {
            unknownAre(new MadeUpHost(folder).file("sys/devices/system/cpu/online", garbage), List.of(Resource.LOAD),
                    "/sys/devices/system/cpu/online");
        }
    }

    @Test
    void aFileSystemWithoutInodesIsNotHeldAgainstIt() {
        MadeUpHost host = new MadeUpHost(folder);
        host.inodes = new FileSystems.Amount(0, 0);

        unknownAre(host, List.of(Resource.INODES), "no inodes here");
    }

    private static void unknownAre(MadeUpHost host, List<Resource> unknown, String why) {
        host.look().forEach((resource, reading) -> {
            if (unknown.contains(resource)) {
                assertThat(reading).as(resource.label()).isInstanceOfSatisfying(Pressure.Unknown.class,
                        no -> assertThat(no.why()).contains(why));
                assertThat(reading.ratio()).isNaN();
            } else {
                assertThat(reading.ratio()).as(resource.label()).isGreaterThanOrEqualTo(0);
            }
        });
    }
}
