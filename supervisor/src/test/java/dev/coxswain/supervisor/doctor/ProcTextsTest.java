package dev.coxswain.supervisor.doctor;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcTextsTest {
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             96365                unlimited            processes
            Max open files            1024                 524288               files
            """;

    @Test
    void limitsAreReadByName() {
        assertThat(ProcTexts.limit(LIMITS, "Max open files")).contains(new ProcTexts.Limit(1024, 524288));
        assertThat(ProcTexts.limit(LIMITS, "Max processes").orElseThrow()).hasToString("soft 96365, hard unlimited");
        assertThat(ProcTexts.limit(LIMITS, "Max")).isEmpty();
        assertThat(ProcTexts.limit("", "Max processes")).isEmpty();
    }

    @Test
    void memoryIsReadInBytes() {
        String meminfo = "MemTotal:       24682644 kB\nMemAvailable:    1024 kB\nHugePages_Total:       0\n";

        assertThat(ProcTexts.memory(meminfo, "MemAvailable")).hasValue(1 << 20);
        assertThat(ProcTexts.memory(meminfo, "HugePages_Total")).isEmpty();
    }

    @Test
    void onlyNumbersAreNumbers() {
        assertThat(ProcTexts.number(Optional.of("32768\n"))).hasValue(32768);
        assertThat(ProcTexts.number(Optional.of("max"))).isEmpty();
        assertThat(ProcTexts.number(Optional.empty())).isEmpty();
    }

    @Test
    void theUnifiedHierarchyIsFoundWhereItIsMounted() {
        Cgroups cgroups = Cgroups.parse(
                "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
                "0::/system.slice/coxswain.service\n");

        assertThat(cgroups).isEqualTo(new Cgroups(Cgroups.Kind.V2,
                Optional.of(Path.of("/sys/fs/cgroup/system.slice/coxswain.service"))));
    }

    @Test
    void hierarchiesBesideEachOtherAreHybrid() {
        Cgroups cgroups = Cgroups.parse("""
                31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
                41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
                """, "9:name=systemd:/\n4:memory:/x\n0::/\n");

        assertThat(cgroups).isEqualTo(
                new Cgroups(Cgroups.Kind.HYBRID, Optional.of(Path.of("/sys/fs/cgroup/unified"))));
    }

    @Test
    void aContainersMountBelowTheHostsPathIsTheSameFolder() {
        Cgroups cgroups = Cgroups.parse("30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
                "0::/docker/abc/init\n");

        assertThat(cgroups.own()).contains(Path.of("/sys/fs/cgroup/init"));
    }

    @Test
    void onlyOldHierarchiesOrNoneOrNonsenseHaveNoFolder() {
        assertThat(Cgroups.parse("32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n", "1:cpu:/\n"))
                .isEqualTo(new Cgroups(Cgroups.Kind.V1, Optional.empty()));
        assertThat(Cgroups.parse("nonsense\n - cgroup2 \n", "::")).isEqualTo(
                new Cgroups(Cgroups.Kind.NONE, Optional.empty()));
    }

    @Test
    void kernelVersionsCompareByNumber() {
        assertThat(Kernel.parse("6.1.0-18-amd64\n").isAtLeast(5, 14)).isTrue();
        assertThat(Kernel.parse("5.9.16").isAtLeast(5, 14)).isFalse();
        assertThat(Kernel.parse("5.14.0").isAtLeast(5, 14)).isTrue();
        assertThat(Kernel.parse("").isAtLeast(1, 0)).isFalse();
    }
}
