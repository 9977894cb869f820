package dev.coxswain.supervisor.simulator.shithub;

import java.util.List;
import java.util.Map;

/** The jobs that are played, in turn. All of them need a shell and a few of its usual programs only. */
final class Workflows {
    /** How the secret's variable is printed: once whole, and once in two writes, so that only who looks across them hides it. */
    private static final String PRINT_SECRET = """
            echo "with $DEPLOY_TOKEN"
            head="${DEPLOY_TOKEN%????????????????????????????????}"
            printf 'and again with %s' "$head"
            sleep 0.05
            printf '%s\\n' "${DEPLOY_TOKEN#"$head"}"
            """;
    private static final Map<String, Object> TOKEN = Map.of("DEPLOY_TOKEN", "${{ secrets.DEPLOY_TOKEN }}");
    private static final StepPlan CHECKOUT = StepPlan.uses("Check out", "actions/checkout@v4",
            Map.of("fetch-depth", "1"));

    private static final JobPlan VOYAGE = new JobPlan("Voyage", "push", "voyage", "Plan the voyage", false, "linux",
            true, Map.of("HARBOUR", "lee", "PILOT", "${{ vars.PILOT }}"), List.of(
                    StepPlan.run("Prepare", """
                            set -e
                            test "$HARBOUR" = windward
                            mkdir -p hold
                            echo "number=7" >> "$GITHUB_OUTPUT"
                            echo "CARGO=lamps" >> "$GITHUB_ENV"
                            """).withKey("prepare").withEnv(Map.of("HARBOUR", "windward")),
                    StepPlan.run("Load", """
                            set -e
                            test "$HARBOUR" = lee
                            echo "number ${{ steps.prepare.outputs.number }} takes $CARGO with $PILOT"
                            """),
                    StepPlan.run("Stow", """
                            test "$(basename "$PWD")" = hold
                            """).in("hold")));

    private static final JobPlan TOLERANCE = new JobPlan("Tolerance", "schedule", "weather", "Look at the weather",
            false, "self-hosted", true, Map.of(), List.of(
                    StepPlan.run("Ask the barometer", "echo 'it fell from the wall' >&2\nexit 4\n").thatMayFail(),
                    StepPlan.run("Repair the barometer", "echo 'nobody is asked to'\nexit 5\n").onlyIf("false"),
                    StepPlan.run("Look out of the window", "seq -f 'wave %g' 1 2000\n")));

    private static final JobPlan BUILD = new JobPlan("Release", "push", "build", "Build", false, "linux", true,
            Map.of("CI_MODE", "release"), List.of(CHECKOUT, StepPlan.run("Build", "sh tools/build.sh\n"),
                    StepPlan.run("Sign in", PRINT_SECRET).withEnv(TOKEN),
                    StepPlan.uses("Keep the package", "actions/upload-artifact@v4",
                            Map.of("name", "package", "path", "build/harbour.txt"))));

    private static final JobPlan PUBLISH = new JobPlan("Release", "push", "publish", "Publish", true, "linux", true,
            Map.of(), List.of(
                    StepPlan.run("Write notes", """
                            set -e
                            mkdir -p notes
                            echo "${{ secrets.SIGNATURE }}" > /dev/null
                            for n in 1 2 3; do echo "note $n for ${{ shithub.ref }}" > "notes/$n.md"; done
                            """),
                    StepPlan.uses("Keep the notes", "actions/upload-artifact@v4",
                            Map.of("name", "notes.zip", "path", "notes")),
                    StepPlan.run("Announce", PRINT_SECRET).withEnv(TOKEN)));

    private static final JobPlan REVIEW = new JobPlan("Review", "pull_request", "review", "Review", false, "", false,
            Map.of(), List.of(
                    StepPlan.run("Read the title", """
                            printf '%s\\n' "${{ shithub.event.pull_request.title }}"
                            test ! -e pwned
                            """)));

    private static final JobPlan BROKEN = new JobPlan("Broken", "workflow_dispatch", "leak", "Spring a leak", false,
            "linux", true, Map.of(), List.of(
                    StepPlan.run("Cast off", "echo 'all lines gone'\n"),
                    StepPlan.run("Meet a rock", "echo 'water comes in' >&2\nexit 3\n"),
                    StepPlan.run("Arrive", "echo 'never seen'\n")));

    private static final List<JobPlan> IN_TURN = List.of(VOYAGE, TOLERANCE, BUILD, PUBLISH, REVIEW, BROKEN);

    private Workflows() {}

    /** The job of this number, counted from 0. */
    static JobPlan numbered(int number) {
        return IN_TURN.get(number % IN_TURN.size());
    }
}
