package dev.coxswain.supervisor.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetersTableTest {
    /** Tests run in the module's folder. */
    private static final Path PAGE = Path.of("..", "grafana", "metrics.md");

    @Test
    void thePageInGrafanaIsTheOneTheEnumMakes() throws IOException {
        if (Boolean.getBoolean("coxswain.regenerate")) {
            Files.writeString(PAGE, MetersTable.markdown());
        }
        assertThat(PAGE).as("grafana/metrics.md is stale; make it anew with:"
                + " mvn test -pl supervisor -am -Dtest=MetersTableTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dcoxswain.regenerate=true").content().isEqualTo(MetersTable.markdown());
    }

    @Test
    void everyMeterHasARowAndEveryTimerItsBorders() {
        String page = MetersTable.markdown();
        for (FleetMeters meter : FleetMeters.values()) {
            assertThat(page).contains("| `" + meter.fullName() + "` |").contains(meter.help());
        }
        assertThat(page).contains(" 0.001 0.0025 0.005 ");
    }
}
