package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.FleetControl.FleetEvent;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The console: the fleet at a glance, lists, questions, keys, the token. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ConsoleIT extends ConsolePage {
    private static final String TOKEN = "a-token-that-nobody-guesses";

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
        page.untilText("main", "3 members alive");
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
    void aHiddenPageAsksForNothing() {
        page.before("{ const set = setTimeout, clear = clearTimeout; window.waiting = new Map();"
                + "window.setTimeout = (what, ms, ...more) => { const id = set(() => { waiting.delete(id); what(...more); }, ms);"
                + " waiting.set(id, what.name); return id; };"
                + "window.clearTimeout = (id) => { waiting.delete(id); clear(id); }; }");
        open("/");
        page.untilText("main", "10,000 runners");
        String looksAgain = "[...waiting.values()].includes('look')";
        page.until(looksAgain);
        page.value("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });"
                + "document.dispatchEvent(new Event('visibilitychange'))");
        page.until("!(" + looksAgain + ")");
        int looks = fleet.looks.get();
        // nothing is planned, and being told again that it is hidden plans nothing
        page.value("document.dispatchEvent(new Event('visibilitychange'))");
        assertThat(page.value(looksAgain).booleanValue()).isFalse();
        assertThat(fleet.looks.get()).isEqualTo(looks);

        page.value("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        page.until(looksAgain);
        assertThat(fleet.looks.get()).isGreaterThan(looks);
    }
}
