package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The host that this test runs on. */
class RealHostTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void whatIsKnownIsAShare() {
        assumeTrue(Files.exists(Path.of("/proc/meminfo")), "needs Linux");
        Path notYetThere = folder.resolve("not/yet/there");

        Map<Resource, Pressure> seen = new HostReader(new HostTree(Path.of("/")), List.of(folder, notYetThere),
                FileSystems.ofHost()).look();

        assertThat(seen).containsOnlyKeys(Resource.values());
        seen.forEach((resource, reading) -> {
            switch (reading) {
                case Pressure.Unknown(var why) -> assertThat(why).isNotBlank();
                case Pressure.Used(var ratio) -> assertThat(ratio).as(resource.label()).isBetween(0.0,
                        resource == Resource.LOAD ? 100_000.0 : 1.0);
                case Pressure.Space(var ratio, var free) -> {
                    assertThat(ratio).isBetween(0.0, 1.0);
                    assertThat(free).isNotNegative();
                }
            }
        });
        assertThat(List.of(Resource.MEMORY, Resource.DISK, Resource.LOAD, Resource.OPEN_FILES, Resource.PIDS))
                .allSatisfy(resource -> assertThat(seen.get(resource)).isNotInstanceOf(Pressure.Unknown.class));
        assertThat(seen.get(Resource.MEMORY)).extracting(Pressure::ratio).isNotEqualTo(0.0);
    }

    @Test
    void inodesAreThoseThatTheFileSystemHas() throws IOException {
        FileSystems.Amount amount = FileSystems.ofHost().inodes(folder);

        assertThat(amount.total()).isPositive();
        assertThat(amount.free()).isBetween(0L, amount.total());
        assertThatThrownBy(() -> Statvfs.inodes(folder.resolve("gone"))).isInstanceOf(IOException.class)
                .hasMessageContaining("gone");
    }
}
