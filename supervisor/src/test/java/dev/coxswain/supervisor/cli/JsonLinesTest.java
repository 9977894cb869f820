package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.coxswain.supervisor.controlplane.Secret;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Real events of a real logger as JSON lines. */
class JsonLinesTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(JsonLinesTest.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final JsonLines lines = new JsonLines();

    @BeforeEach
    void listen() {
        events.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(events);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(events);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private String text() {
        return new String(lines.encode(events.list.getLast()), StandardCharsets.UTF_8);
    }

    private JsonNode line() {
        assertThat(text()).endsWith("}\n").containsOnlyOnce("\n");
        return new JsonMapper().readTree(text());
    }

    @Test
    void whatTheTextNamesIsAFieldCalledAsTheMetricsCallIt() {
        logger.info("job ended: job={} runner={} controlPlane={} result={} seconds={}{}", "shorts-1", "r-1", "shorts",
                "success", 1.5, "");
        JsonNode line = line();

        assertThat(line.propertyNames()).containsExactly("time", "level", "logger", "thread", "message", "job",
                "runner", "control_plane", "result", "seconds");
        assertThat(line.get("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line.get("level").asString()).isEqualTo("info");
        assertThat(line.get("logger").asString()).isEqualTo(JsonLinesTest.class.getName());
        assertThat(line.get("thread").asString()).isEqualTo(Thread.currentThread().getName());
        assertThat(line.get("message").asString())
                .isEqualTo("job ended: job=shorts-1 runner=r-1 controlPlane=shorts result=success seconds=1.5");
        assertThat(line.get("control_plane").asString()).isEqualTo("shorts");
        assertThat(line.get("seconds").doubleValue()).isEqualTo(1.5);
    }

    @Test
    void aPlaceWithoutANameTakesItsArgumentAlong() {
        logger.warn("heartbeat failed, {} ms until the fence; next in {} ms: job={} {}", 900L, 250L, "shorts-1",
                "no answer in time");

        assertThat(line().get("job").asString()).isEqualTo("shorts-1");
        assertThat(line().size()).isEqualTo(6);
    }

    @Test
    void whatAStrangerSaysStaysInsideItsField() {
        String hostile = "\"},\n{\"level\":\"error\",\"message\":\"\u0000\u001b[2J\ud800 made up\"}\r\n";
        logger.info("job ended: job={} {}", hostile, hostile);

        assertThat(line().get("job").asString()).startsWith("\"},\n{").contains("\u001b[2J");
        assertThat(line().get("level").asString()).isEqualTo("info");
        assertThat(text()).doesNotContain("\u001b", "\u0000", "\r");
    }

    @Test
    void nothingTakesThePlaceOfWhatIsKnownAndNothingIsEndless() {
        logger.info("time={} level={} x={} x={} aLongName={}", "then", "none", "1", "2", "y".repeat(100_000));

        assertThat(line().get("level").asString()).isEqualTo("info");
        assertThat(line().get("x").asString()).isEqualTo("1");
        assertThat(line().get("a_long_name").asString()).hasSize((4 << 10) + 1).endsWith("…");
        assertThat(line().get("message").asString()).hasSize((16 << 10) + 1);
    }

    @Test
    void anErrorHasItsStackInOneField() {
        logger.error("job broke down: job={}", "shorts-1", new IllegalStateException("a mistake",
                new IOException("below")));

        assertThat(line().get("error").asString()).startsWith("java.lang.IllegalStateException: a mistake\n")
                .contains("Caused by: java.io.IOException: below", "at " + JsonLinesTest.class.getName());
        assertThat(line().get("job").asString()).isEqualTo("shorts-1");
    }

    @Test
    void linesOfOthersAndOddPatternsAreLinesToo() {
        logger.info("no arguments: {} a={}");
        assertThat(line().get("message").asString()).isEqualTo("no arguments: {} a={}");
        logger.info("more={} than={}", "one");
        assertThat(line().get("more").asString()).isEqualTo("one");
        assertThat(line().has("than")).isFalse();
        logger.info("nothing={} odd={} many={}", null, Double.NaN, 3);
        assertThat(line().get("nothing").isNull()).isTrue();
        assertThat(line().get("odd").asString()).isEqualTo("NaN");
        assertThat(line().get("many").intValue()).isEqualTo(3);
    }

    @Test
    void aSecretIsNoMoreTellingThanInText() {
        logger.info("tried: credential={}", new Secret("open-sesame-7361"));

        assertThat(text()).doesNotContain("open-sesame");
    }
}
