package dev.coxswain.supervisor.client;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code -o wide} shows of fixed answers. */
class WideTablesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final JsonMapper JSON = new JsonMapper();
    private final Views wide = new Views(Terminal.NONE, true);

    private static Listing listing(String... items) {
        List<JsonNode> nodes = List.of(items).stream().map(JSON::readTree).toList();
        return new Listing(nodes, nodes.size());
    }

    @Test
    void theStatusHasBudgetsBreakersStatesAndReasons() {
        assertThat(wide.status("""
                {"name":"build-01","version":"1.2","state":"running","startedAt":"2026-01-02T02:04:05Z","slotsTotal":8,
                 "slotsUsed":2,"jobsRunning":2,"controlPlanes":[{"name":"shorts","protocol":"oore","url":"https://ci.example",
                 "runners":5,"requestsPerSecond":50.0,"leaseRequests":12,"lastSuccess":"2026-01-02T03:04:03Z",
                 "lastError":null,"circuit":"closed","requestRate":12.5}],"pools":[{"name":"films","controlPlane":"shorts",
                 "executor":"host","runners":5,"slotsUsed":2,"jobsLeased":17,"states":{"idle":3,"running":2,"paused":0},
                 "waiting":[{"why":"no job","runners":2},{"why":"no slot","runners":1}]}]}""", NOW)).containsExactly(
                "build-01  running  version 1.2, up 1h00m",
                "slots [#####...............] 2/8   jobs 2",
                "",
                "CONTROL PLANE  PROTOCOL  URL                 RUNNERS  REQUESTS  RATE/S  BUDGET/S  CIRCUIT  ANSWERED  LAST ERROR",
                "shorts         oore      https://ci.example        5        12    12.5        50  closed     2s ago  -",
                "",
                "POOL   CONTROL PLANE  EXECUTOR  RUNNERS  SLOTS USED  JOBS LEASED  STATES             WAITING",
                "films  shorts         host            5           2           17  idle 3, running 2  2: no job; 1: no slot");
    }

    @Test
    void theStatusOfOneOfSeveralSaysHowRunnersAreShared() {
        String status = """
                {"name":"build-01","version":"1.2","state":"running","startedAt":"2026-01-02T02:04:05Z","slotsTotal":8,
                 "slotsUsed":2,"jobsRunning":2,"controlPlanes":[],"pools":[],"sharding":{"mode":"kubernetes",
                 "fleet":"ours","member":"build-01","membersAlive":3,"shards":64,"shardsHeld":21,"runnersHeld":80,
                 "runnersElsewhere":160,"runnersHandingOver":10,"trouble":null}}""";

        assertThat(wide.status(status, NOW)).contains("sharding kubernetes: member build-01 of fleet ours, "
                + "members alive 3   shards 21/64   runners here 80, elsewhere 160, handing over 10")
                .noneMatch(line -> line.contains("leases nothing"));
        assertThat(wide.status(status.replace("\"trouble\":null", "\"trouble\":\"has not joined\""), NOW))
                .contains("  leases nothing: has not joined");
        assertThat(wide.status(status.replace("\"ours\"", "null").replace("\"membersAlive\":3",
                "\"membersAlive\":null"), NOW))
                .anyMatch(line -> line.startsWith("sharding kubernetes: member build-01   shards"));
    }

    @Test
    void aRunnerHasAllItsJobs() {
        assertThat(wide.runners(listing("""
                {"name":"r-1","pool":"films","controlPlane":"shorts","state":"running","why":"runs a job","job":"b",
                 "jobs":["a","b"]}""", """
                {"name":"r-2","pool":"films","controlPlane":"shorts","state":"idle","why":"no job","job":null}""")))
                .containsExactly(
                        "RUNNER  POOL   CONTROL PLANE  STATE    JOBS HELD  JOBS  WHY",
                        "r-1     films  shorts         running          2  a, b  runs a job",
                        "r-2     films  shorts         idle             -  -     no job");
    }

    @Test
    void aJobHasItsTimesAndWhatIsLeftOfItsLease() {
        assertThat(wide.jobs(listing("""
                {"key":"shorts-1","jobId":"p-1","controlPlane":"shorts","pool":"films","runner":"r-1","state":"running",
                 "leasedAt":"2026-01-02T03:02:00.123Z","runningAt":"2026-01-02T03:02:01Z","fenceAt":"2026-01-02T03:04:35Z",
                 "artifactsTotal":4,"artifactsDone":2,"logBytes":2048,"logDroppedBytes":0}""", """
                {"key":"shorts-0","jobId":"p-0","controlPlane":"shorts","pool":"films","runner":"r-2","state":"ended",
                 "leasedAt":"2026-01-02T03:00:00Z","endedAt":"2026-01-02T03:00:30Z","result":"failure",
                 "message":"exit code 3","artifactsTotal":0,"artifactsDone":0,"logBytes":10}"""), NOW)).containsExactly(
                "JOB       JOB ID  CONTROL PLANE  POOL   RUNNER  STATE    LEASED AT               AGE    RAN  LEASE LEFT  ARTIFACTS    LOG  LOG DROPPED  MESSAGE",
                "shorts-1  p-1     shorts         films  r-1     running  2026-01-02T03:02:00Z  2m04s  2m04s         30s        2/4  2 KiB          0 B  -",
                "shorts-0  p-0     shorts         films  r-2     failure  2026-01-02T03:00:00Z    30s      -           -        0/0   10 B            -  exit code 3");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        Listing running = listing("""
                {"name":"r-1","pool":"films","controlPlane":"shorts","state":"running"}""");

        assertThat(String.join("\n", wide.runners(running))).doesNotContain("\u001b");
        assertThat(String.join("\n", new Views(new Terminal(true, true, 80, 24), true).runners(running)))
                .contains("\u001b[32mrunning\u001b[0m");
        assertThat(String.join("\n", new Views(new Terminal(true, false, 80, 24), true).runners(running)))
                .doesNotContain("\u001b");
    }
}
