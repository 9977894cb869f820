package dev.coxswain.supervisor.simulator.workspace;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.deliverable.Answer;
import dev.coxswain.executors.deliverable.InvalidDeliverableException;
import dev.coxswain.executors.deliverable.JsText;
import dev.coxswain.executors.deliverable.Kind;
import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.RefusedException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
    /** Where texts are cut (contract xenonflare-workspace 6). */
    private static final Set<Integer> CAPS = Set.of(64, 128, 200, 320, 512, 24_000);

    @Property(tries = 100)
    void whatOursTakesAndNormalisesTheSimulatorTakes(@ForAll long seed) {
        for (int i = 0; i < BODIES; i++) {
            // from nearly right to quite wrong
            String given = sent(new RandomResults(new Random(seed + i), i * 0.002).next()).toString();
            Answer ours;
            try {
                ours = Answer.read(MAPPER, given);
            } catch (InvalidDeliverableException e) {
                continue;
            }
            ObjectNode body = MAPPER.createObjectNode().put("workspaceId", "w");
            body.setAll(ours.toBody());
            try {
                Completion.check(sent(body));
            } catch (RefusedException e) {
                fail("the simulator refuses what ours made: %s; seed %d, body %d", e.getMessage(), seed, i);
            }
        }
    }

    @Property(tries = 100)
    void whatTheSimulatorTakesOursLeavesAsItIs(@ForAll long seed) {
        for (int i = 0; i < BODIES; i++) {
            ObjectNode given = (ObjectNode) sent(new RandomResults(new Random(seed + i), i * 0.002).next());
            try {
                Completion.check(given);
            } catch (RefusedException e) {
                continue;
            }
            ObjectNode expected = given.deepCopy();
            expected.remove("workspaceId");
            expected.findValues("points").forEach(TwoReadingsTest::withoutBlankLabels);
            try {
                JsonNode ours = sent(Answer.read(MAPPER, given.toString()).toBody());
                assertThat(ours.equals(TwoReadingsTest::compare, expected))
                        .as("seed %d, body %d", seed, i).isTrue();
            } catch (InvalidDeliverableException e) {
                fail("ours refuses what the simulator takes: %s; seed %d, body %d", e.getMessage(), seed, i);
            }
        }
    }

    /**
     * 20.0 and 20 are one number, and a text that was cut to its cap may end in a blank that the next reading trims;
     * everything else must be the same to the letter.
     */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            // minus 0 is 0 in JSON's number too
            return Double.compare(one.asDouble() + 0.0, other.asDouble() + 0.0);
        }
        boolean trimmed = one.isString() && other.isString() && CAPS.contains(other.stringValue().length())
                && JsText.trim(other.stringValue()).equals(one.stringValue());
        return trimmed || one.equals(other) ? 0 : 1;
    }

    /** The label of a point may be left out, and a blank one is. */
    private static void withoutBlankLabels(JsonNode points) {
        for (JsonNode point : points) {
            if (point instanceof ObjectNode object && JsText.trim(object.path("label").asString("x")).isEmpty()) {
                object.remove("label");
            }
        }
    }

    /** As it comes out of the wire. */
    private static JsonNode sent(JsonNode body) {
        return Json.read(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theResultsReachEveryKindAndAreSometimesWrong() {
        Map<Kind, Integer> reached = new EnumMap<>(Kind.class);
        int accepted = 0;
        for (int i = 0; i < 600; i++) {
            ObjectNode body = new RandomResults(new Random(i), i % BODIES * 0.002).next();
            try {
                Completion.check(sent(body));
            } catch (RefusedException e) {
                continue;
            }
            accepted++;
            for (Kind kind : Kind.values()) {
                reached.merge(kind, body.path(kind.wireName()).size(), Integer::sum);
            }
        }
        assertThat(accepted).isBetween(150, 550);
        assertThat(reached.values()).hasSize(Kind.values().length).allMatch(count -> count > 50);
    }
}
