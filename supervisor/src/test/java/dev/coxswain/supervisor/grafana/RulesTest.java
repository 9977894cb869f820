package dev.coxswain.supervisor.grafana;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules and alerts are valid, every alert is proven to be silent just before and to fire just after, and has its entry. */
class RulesTest {
    private static final Pattern HEADING = Pattern.compile("(?m)^## (\\S+)$");
    private static final Pattern TIME = Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?");

    @Test
    void promtoolFindsNothingWrongWithTheRules() throws Exception {
        Programs.need("promtool");

        assertSucceeds(List.of("promtool", "check", "rules", "--lint-fatal", GrafanaFiles.RULES.toString(),
                GrafanaFiles.ALERTS.toString()));
    }

    @Test
    void promtoolsTestsPass() throws Exception {
        Programs.need("promtool");
        List<String> command = new ArrayList<>(List.of("promtool", "test", "rules"));
        GrafanaFiles.tests().forEach(file -> command.add(file.toString()));

        assertSucceeds(command);
    }

    @Test
    void everyAlertIsTestedJustBeforeAndJustAfter() {
        Map<String, Boolean> proven = new HashMap<>();
        GrafanaFiles.alertNames().forEach(name -> proven.put(name, false));
        for (JsonNode file : GrafanaFiles.tests().stream().map(GrafanaFiles::yaml).toList()) {
            Duration step = time(file.path("evaluation_interval"));
            for (JsonNode test : file.path("tests").values()) {
                for (JsonNode silent : test.path("alert_rule_test").values()) {
                    for (JsonNode firing : test.path("alert_rule_test").values()) {
                        if (isJustBefore(silent, firing, step)) {
                            proven.put(silent.path("alertname").asString(), true);
                        }
                    }
                }
            }
        }

        assertThat(GrafanaFiles.alertNames()).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
        assertThat(proven).allSatisfy((alert, both) -> assertThat(both).as(alert).isTrue());
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhatToDo() {
        for (JsonNode alert : GrafanaFiles.rules(GrafanaFiles.ALERTS)) {
            String name = alert.path("alert").asString();
            JsonNode words = alert.path("annotations");
            assertThat(name).startsWith("Coxswain");
            assertThat(alert.path("for").asString("")).as(name).matches("[0-9]+[sm]");
            assertThat(Set.of("critical", "warning", "info")).as(name)
                    .contains(alert.path("labels").path("severity").asString());
            assertThat(words.path("summary").asString()).as(name).isNotBlank().doesNotContain("{{");
            assertThat(words.path("description").asString()).as(name).contains("{{").endsWith(".");
            assertThat(words.path("runbook_url").asString()).as(name)
                    .matches("https?://\\S+#" + name.toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void theRunbookHasAnEntryForEachAlertAndNoOther() {
        List<String> entries = HEADING.matcher(GrafanaFiles.runbook()).results()
                .map((MatchResult match) -> match.group(1)).toList();

        assertThat(entries).containsExactlyElementsOf(GrafanaFiles.alertNames());
    }

    /** Silent at one evaluation, firing at the next. */
    private static boolean isJustBefore(JsonNode silent, JsonNode firing, Duration step) {
        Duration between = time(firing.path("eval_time")).minus(time(silent.path("eval_time")));
        return silent.path("alertname").equals(firing.path("alertname")) && silent.path("exp_alerts").isEmpty()
                && !firing.path("exp_alerts").isEmpty() && between.equals(step);
    }

    private static Duration time(JsonNode text) {
        Matcher parts = TIME.matcher(text.asString());
        assertThat(parts.matches()).as(text.toString()).isTrue();
        return Duration.ofHours(number(parts, 1)).plusMinutes(number(parts, 2)).plusSeconds(number(parts, 3));
    }

    private static long number(Matcher parts, int group) {
        String digits = parts.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static void assertSucceeds(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
