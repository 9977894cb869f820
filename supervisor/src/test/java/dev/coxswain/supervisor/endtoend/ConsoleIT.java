package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.admin.AdminServer;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.FleetControl.FleetEvent;
import dev.coxswain.supervisor.fleet.FleetControl.JobView;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The console in a real browser, over a fleet of 10,000 runners with 1,000 running jobs. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ConsoleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Tests run in the module's folder. */
    private static final Path PICTURES = Path.of("target", "console");
    private static final String TOKEN = "a-token-that-nobody-guesses";
    private static final String JOB = "shorts/job-0";
    private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script>";

    @TempDir
    static @Nullable Path folder;
    private static @Nullable Browser browser;

    private final WatchedFleet fleet = new WatchedFleet();
    @SuppressWarnings("NullAway.Init")
    private AdminServer server;
    @SuppressWarnings("NullAway.Init")
    private BrowserPage page;
    private URI base = URI.create("http://127.0.0.1");

    @BeforeAll
    static void startBrowser() {
        Path program = Browser.find().orElse(null);
        if (program == null && System.getenv("COX_CI") != null) {
            throw new AssertionError("chromium is missing; .ci/run installs it");
        }
        assumeTrue(program != null, "chromium is missing: apt-get install chromium");
        browser = new Browser(Objects.requireNonNull(program), Objects.requireNonNull(folder));
    }

    @AfterAll
    static void stopBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() {
        serve(null);
        page = Objects.requireNonNull(browser).page();
    }

    private void serve(@Nullable Secret token) {
        server = new AdminServer(new AdminConfig("127.0.0.1", 0, token, "127.0.0.1", 0), fleet);
        base = Objects.requireNonNull(server.start().block(PATIENCE));
    }

    @AfterEach
    void stop() {
        page.close();
        server.stop().block(PATIENCE);
    }

    @Test
    void theFleetIsSeenAtAGlance() throws IOException {
        page.theme("light");
        page.before("{ const real = Date.now; let more = 0; Date.now = () => real() + more; "
                + "window.later = () => { more += 2000; }; }");
        open("/");
        page.untilText("main", "10,000 runners");
        fleet.happens.tryEmitNext(new FleetEvent(Instant.now(), "circuit", "mobile", null, null, null,
                "the breaker of mobile is half open: one request may try"));
        fleet.happens.tryEmitNext(new FleetEvent(Instant.now(), "job_ended", "shorts", "shorts", "shorts-0001", JOB,
                "success after 46 s"));
        // whoever comes back to the page has the fleet looked at anew: the charts get their line without waiting
        for (int look = 0; look < 45; look++) {
            String looks = "performance.getEntriesByType('resource').filter((each) => each.name.endsWith('/status')).length";
            int before = page.value(looks).intValue();
            page.value("window.later(); document.dispatchEvent(new Event('visibilitychange'))");
            page.until(looks + " > " + before);
        }
        page.untilText("main", "half open");
        page.untilText("main", "the control plane had no job at the last request");
        page.picture(PICTURES.resolve("overview-light.png"));
        page.theme("dark");
        page.picture(PICTURES.resolve("overview-dark.png"));

        assertThat(page.count(".overview tbody tr")).isLessThan(50);
        assertThat(page.value("document.querySelectorAll('*').length").intValue()).isLessThan(2_000);
        assertThat(page.requests).allSatisfy(
                request -> assertThat(request.get("url").stringValue()).startsWith(base.toString()));
        assertThat(page.complaints).isEmpty();
    }

    @Test
    void tenThousandRunnersArePagedAndSearched() throws IOException {
        open("/#/runners");
        page.untilText(".pager", "10,000 runners, page 1 of 100");
        assertThat(page.count("tbody tr")).isEqualTo(100);
        page.picture(PICTURES.resolve("runners.png"));
        page.key("]");
        page.untilText(".pager", "page 2 of 100");
        page.untilText("tbody tr", "shorts-0100");

        page.key("/");
        page.type("refused its credential");
        page.untilText(".pager", "9 runners");
        page.untilText("tbody tr", "quarantined");
        assertThat(page.value("location.hash").stringValue()).contains("search=refused");
        open("/#/runners?pool=mobile&state=polling");
        page.untilText(".pager", "23 runners");
        assertThat(page.complaints).isEmpty();
    }

    @Test
    void aLogIsFollowedWithItsColoursAndSearched() throws IOException {
        Sinks.Many<byte[]> log = log(JOB);
        open("/#/jobs/" + JOB.replace("/", "%2F"));
        page.untilText(".facts", "shorts-0000");
        emit(log,
                "\u001b[1mcompile\u001b[0m\n\u001b[31mred\u001b[0m and \u001b[38;5;208morange\u001b[0m\n10 %\r60 %\r100 %\r\n");
        page.until("document.querySelector('.row .fg1').textContent === 'red'");
        page.until("[...document.querySelectorAll('.row')].some((row) => row.textContent.endsWith('100 %')"
                + " && !row.textContent.includes('60 %'))");
        page.until("getComputedStyle([...document.querySelectorAll('.row span')].find((each) => "
                + "each.textContent === 'orange')).color === 'rgb(255, 135, 0)'");
        StringBuilder much = new StringBuilder();
        for (int line = 1; line <= 30_000; line++) {
            much.append("\u001b[2m").append(line).append("\u001b[0m frame ").append(line % 1000 == 0 ? "needle" : "ok")
                    .append(line % 7 == 0 ? " \u001b[33mwarning: slow\u001b[0m" : "").append('\n');
        }
        emit(log, much.toString());
        emit(log, "\u001b[32mthe end is seen\u001b[0m, and a line that grows");
        page.untilText(".log", "the end is seen, and a line that grows");
        emit(log, " further");
        page.untilText(".log", "a line that grows further");
        assertThat(page.count(".row")).isLessThan(200);

        page.key("/");
        page.type("NEEDLE");
        page.untilText(".logpanel .bar", "1 of 30 lines");
        page.key("Enter");
        page.untilText(".logpanel .bar", "2 of 30 lines");
        page.until("document.querySelector('.row.current mark').textContent === 'needle'");
        page.picture(PICTURES.resolve("log-light.png"));
        page.theme("dark");
        page.picture(PICTURES.resolve("log-dark.png"));
        log.tryEmitComplete();
        page.untilText(".logpanel .bar", "ended");
        assertThat(page.complaints).isEmpty();
    }

    @Test
    void whatAJobSaysStaysText() {
        String key = "shorts/" + HOSTILE;
        Instant now = Instant.now();
        fleet.put(new JobView(key, HOSTILE, "shorts", HOSTILE, "javascript:window.pwned=1", "running", now, now, null,
                null, null, null, HOSTILE, now.plusSeconds(30), 0, 0, 10, 0));
        Sinks.Many<byte[]> log = log(key);
        open("/#/jobs?search=onerror");
        page.untilText("tbody", HOSTILE);
        page.click("tbody a");
        page.untilText("h1", HOSTILE);
        page.untilText(".message", HOSTILE);
        emit(log, HOSTILE + "\n\u001b]0;" + HOSTILE
                + "\u0007\u001b]8;;javascript:window.pwned=1\u001b\\link\n\u001b[2J\u0000\n");
        page.untilText(".log", HOSTILE);
        page.untilText(".log", "link");
        fleet.happens.tryEmitNext(new FleetEvent(now, "job_ended", HOSTILE, HOSTILE, HOSTILE, key, HOSTILE));

        assertThat(page.value("window.pwned === undefined").booleanValue()).isTrue();
        assertThat(page.count("main img, main script")).isZero();
        // the policy holds even where the page has a fault: markup from a text is refused, and so is a script in it
        assertThat(page.value("(() => { try { document.body.innerHTML = '<b>'; return 'made'; } "
                + "catch (e) { return e.name; } })()").stringValue()).isEqualTo("TypeError");
        assertThat(page.requests).noneSatisfy(
                request -> assertThat(request.get("url").stringValue()).endsWith("/x"));
    }

    @Test
    void whatCanNotBeTakenBackIsAskedFirst() {
        log(JOB);
        open("/");
        page.untilText("main", "10,000 runners");
        page.press("Fleet");
        page.press("Drain …");
        page.untilText("dialog", "Drain build-01?");
        page.press("Not now");
        page.until("!document.querySelector('dialog')");
        assertThat(fleet.asked).isEmpty();

        page.press("Fleet");
        page.press("Reload …");
        page.press("Reload");
        page.untilText("dialog", "fleet.yaml:7:3: slots.total: must be a number");
        page.press("Close");
        page.press("Fleet");
        page.press("Pause all …");
        page.press("Pause");
        page.untilText(".notes", "Paused 7 runners.");
        page.click("[aria-label=\"Pause mobile\"]");
        page.press("Pause");
        page.until("document.querySelectorAll(\".notes p\").length >= 2");
        open("/#/jobs/" + JOB.replace("/", "%2F"));
        page.untilText(".facts", "shorts-0000");
        page.key("c");
        page.until("document.querySelector('dialog input')");
        page.value("document.querySelector('dialog input').select()");
        page.type("wrong commit");
        page.key("Enter");
        page.untilText(".notes", "The job is being stopped.");
        page.press("Fleet");
        page.press("Drain …");
        page.press("Drain");
        page.untilText(".banner", "Draining: nothing new is leased, 1,000 jobs may still end.");

        assertThat(fleet.asked).containsExactly("reload", "pause Everything[]", "pause OfControlPlane[name=mobile]",
                "cancel " + JOB + " wrong commit", "drain");
        assertThat(page.complaints).hasSize(1).first().asString().contains("422");
    }

    @Test
    void theTokenIsAskedForAndNeverPartOfAnAddress() throws IOException {
        server.stop().block(PATIENCE);
        serve(new Secret(TOKEN));
        open("/#/runners?state=idle");
        page.until("document.activeElement.type === 'password'");
        page.picture(PICTURES.resolve("login.png"));
        page.type("wrong");
        page.key("Enter");
        page.untilText("[role=alert]", "This token is refused.");
        page.value("document.querySelector('input').select()");
        page.type(TOKEN);
        page.key("Enter");
        page.untilText(".pager", "8,");
        assertThat(page.value("location.hash").stringValue()).isEqualTo("#/runners?state=idle");
        assertThat(page.value("localStorage.length + document.cookie.length").intValue()).isZero();
        page.value("location.reload()");
        page.untilText(".pager", "8,");
        page.press("Sign out");
        page.until("document.activeElement.type === 'password'");
        assertThat(page.value("sessionStorage.length").intValue()).isZero();

        assertThat(page.requests).hasSizeGreaterThan(20).allSatisfy(
                request -> assertThat(request.get("url").stringValue()).doesNotContain(TOKEN));
        assertThat(page.requests.stream().map(request -> request.path("headers").path("Authorization"))
                .map(JsonNode::toString)).contains("\"Bearer " + TOKEN + "\"");
    }

    @Test
    void itWorksWithKeysAndOnAPhone() throws IOException {
        page.size(390, 844);
        page.theme("dark");
        open("/");
        page.untilText("main", "10,000 runners");
        assertThat(page.value("document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        page.picture(PICTURES.resolve("phone-overview.png"));
        page.key("g");
        page.key("j");
        page.until("location.hash === '#/jobs'");
        page.untilText(".pager", "1,400 jobs");
        assertThat(page.value("document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        page.picture(PICTURES.resolve("phone-jobs.png"));
        page.key("?");
        page.untilText("dialog", "These keys");
        page.click("dialog button");
        page.until("!document.querySelector('dialog')");
        log(JOB);
        page.key("j");
        page.key("Enter");
        page.untilText(".facts", "shorts-0000");
        assertThat(page.value("document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        page.key("t");
        page.key("t");
        page.until("document.documentElement.dataset.theme === 'dark'");
    }

    @Test
    void aSupervisorThatDoesNotAnswerIsSaidAndFoundAgain() {
        open("/");
        page.untilText("main", "10,000 runners");
        fleet.broken = true;
        page.untilText(".banner", "No good answer");
        page.untilText("main", "10,000 runners");
        fleet.broken = false;
        page.until("document.querySelector('.banner').hidden");
    }

    @Test
    void aRealJobIsFollowedAndCancelled() throws IOException {
        Path work = Files.createDirectories(Objects.requireNonNull(folder).resolve("real"));
        Path program = Files.writeString(work.resolve("job"), """
                #!/bin/sh
                printf '\\033[32mthe job runs\\033[0m\\n'
                while :; do sleep 0.1; done
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        try (ScriptedStudio studio = new ScriptedStudio()) {
            Path file = Files.writeString(work.resolve("fleet.yaml"), """
                    supervisor:
                      stateDir: ./state
                      admin: { listen: 127.0.0.1:0 }
                      metrics: { listen: 127.0.0.1:0 }
                    controlPlanes:
                      a: { protocol: xenonflare-studio, url: "%s", requestsPerSecond: 200, poll: { min: 50ms, max: 300ms } }
                    pools:
                      - name: a
                        controlPlane: a
                        credentials: { values: [ token-a1 ] }
                        workload: { command: [ ./job ] }
                    """.formatted(studio.uri()));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
            Supervisor supervisor = Objects.requireNonNull(Supervisor
                    .start(() -> new FleetFileLoader().load(file, environment), environment).block(PATIENCE));
            try {
                page.open(supervisor.endpoints().admin().resolve("/#/jobs"));
                page.untilText(".pager", "0 jobs");
                String offered = studio.offer("anything");
                page.click("tbody a");
                page.until("document.querySelector('.row .fg2').textContent === 'the job runs'");
                page.press("Cancel …");
                page.press("Cancel the job");
                page.untilText(".job .bar", "cancelled");
                page.untilText(".logpanel .bar", "ended");
                assertThat(studio.awaitEnd(offered).error()).contains("cancelled in the console");
                page.untilText(".parts", "settling");
            } finally {
                supervisor.fleet().drain();
                supervisor.drained().block(PATIENCE);
                supervisor.stop().block(PATIENCE);
            }
        }
    }

    private void open(String path) {
        page.open(URI.create(base + path));
    }

    private Sinks.Many<byte[]> log(String key) {
        Sinks.Many<byte[]> log = Sinks.many().replay().all();
        fleet.logs.put(key, log);
        return log;
    }

    private static void emit(Sinks.Many<byte[]> log, String text) {
        log.tryEmitNext(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    }
}
