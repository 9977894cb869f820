package dev.coxswain.supervisor.simulator.workspace;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

import dev.coxswain.executors.deliverable.Answer;
import dev.coxswain.executors.deliverable.InvalidDeliverableException;
import dev.coxswain.executors.deliverable.Kind;
import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.RefusedException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * The runner's rules and the simulator's were written apart from the same contract (xenonflare-workspace 6 and 7). What
 * one of them sends the other takes, and what one of them takes the other leaves as it is.
 */
class TwoReadingsTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int BODIES = 12;
    private static final Map<Kind, Integer> REACHED = new EnumMap<>(Kind.class);
    private static int accepted;
    private static int refused;

    @Property(tries = 150)
    void whatOursTakesAndNormalisesTheSimulatorTakes(@ForAll long seed) {
        for (int i = 0; i < BODIES; i++) {
            // from nearly right to quite wrong
            String given = new RandomResults(new Random(seed + i), i * 0.002).next().toString();
            Answer ours;
            try {
                ours = Answer.read(MAPPER, given);
            } catch (InvalidDeliverableException e) {
                refused++;
                continue;
            }
            ObjectNode body = MAPPER.createObjectNode().put("workspaceId", "w");
            body.setAll(ours.toBody());
            try {
                Completion.check(sent(body));
            } catch (RefusedException e) {
                fail("the simulator refuses what ours made: %s; seed %d, body %d", e.getMessage(), seed, i);
            }
            count(body);
        }
    }

    @Property(tries = 150)
    void whatTheSimulatorTakesOursLeavesAsItIs(@ForAll long seed) {
        for (int i = 0; i < BODIES; i++) {
            ObjectNode given = new RandomResults(new Random(seed + i), i * 0.002).next();
            try {
                Completion.check(sent(given));
            } catch (RefusedException e) {
                refused++;
                continue;
            }
            ObjectNode expected = given.deepCopy();
            expected.remove("workspaceId");
            try {
                JsonNode ours = sent(Answer.read(MAPPER, given.toString()).toBody());
                assertThat(ours).as("seed %d, body %d", seed, i).isEqualTo(sent(expected));
            } catch (InvalidDeliverableException e) {
                fail("ours refuses what the simulator takes: %s; seed %d, body %d", e.getMessage(), seed, i);
            }
            count(given);
        }
    }

    /** As it comes out of the wire. */
    private static JsonNode sent(JsonNode body) {
        return Json.read(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void count(JsonNode body) {
        accepted++;
        for (Kind kind : Kind.values()) {
            REACHED.merge(kind, body.path(kind.wireName()).size(), Integer::sum);
        }
    }

    /** A generator that makes nothing acceptable, or nothing wrong, proves nothing. */
    @AfterProperty
    void everyKindWasReached() {
        assertThat(accepted).isGreaterThan(150);
        assertThat(refused).isGreaterThan(150);
        assertThat(REACHED.values()).hasSize(Kind.values().length).allMatch(count -> count > 50);
        accepted = 0;
        refused = 0;
        REACHED.clear();
    }
}
