package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.fleet.FleetControl.FleetEvent;
import dev.coxswain.supervisor.fleet.FleetControl.JobView;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** The console's page of one job: its log, and what strangers say in it. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ConsoleJobIT extends ConsolePage {
    private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script>";

    @Test
    void aLogThatIsNotThereYetIsAskedForOnce() {
        JobView job = Objects.requireNonNull(fleet.jobs.get(JOB));
        fleet.put(in(job, "leased"));
        open("/#/jobs/" + JOB.replace("/", "%2F"));
        page.untilText(".logpanel .bar", "there is no log yet");
        String asked = "performance.getEntriesByType('resource').filter((each) => each.name.endsWith('/log')).length";
        String looks = asked.replace("/log", "/status");
        for (int look = 0; look < 3; look++) {
            int before = page.value(looks).intValue();
            page.value("document.dispatchEvent(new Event('visibilitychange'))");
            page.until(looks + " > " + before);
        }
        assertThat(page.value(asked).intValue()).isEqualTo(1);

        emit(log(JOB), "now it runs\n");
        fleet.put(in(job, "running"));
        page.value("document.dispatchEvent(new Event('visibilitychange'))");
        page.untilText(".log", "now it runs");
        assertThat(page.complaints).singleElement().asString().contains("404");
    }

    private static JobView in(JobView job, String state) {
        return new JobView(job.key(), job.jobId(), job.controlPlane(), job.pool(), job.runner(), state, job.leasedAt(),
                null, null, null, null, null, null, job.fenceAt(), 0, 0, 0, 0);
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
}
