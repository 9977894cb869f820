package dev.coxswain.supervisor;

import java.util.Locale;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.pressure.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the host is short of becomes a reason that the metrics know. */
class HostAdmissionTest {
    @ParameterizedTest
    @EnumSource
    void everyResourceHasAReasonOfItsOwnName(Resource resource) {
        String reason = HostAdmission.denial(resource).name();

        assertThat(resource.name()).startsWith(reason);
        assertThat(FleetMeters.Closed.SLOT_DENIED.allowed()).contains(reason.toLowerCase(Locale.ROOT));
        assertThat(FleetMeters.Closed.RESOURCE.allowed()).contains(resource.label());
    }
}
