package dev.coxswain.supervisor.simulator.shithub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.git.GitRepository;

/** What a claim carries about a job (contract shithub-actions 4), and the one repository that all jobs are about. */
final class Documents {
    static final long REPOSITORY_ID = 6_500_000_001L;
    static final String REPOSITORY_PATH = "/harbour/lighthouse.git";
    private static final String BUILD = """
            set -e
            mkdir -p build
            for part in lamp lens tower; do
              echo "$part" | tee -a build/harbour.txt
            done
            """;
    /** A title that becomes a program wherever it is pasted into a script. */
    private static final Map<String, Object> REVIEWED = Map.of("pull_request",
            Map.of("number", 12, "title", "Polish the lamp $(touch pwned) \"; exit 9; # <&>"));

    private final SimulatorContext context;
    private final GitRepository repository = new GitRepository("trunk", "Light the lamp",
            Map.of("tools/build.sh", BUILD, "README.md", "A repository that exists in the simulator only.\n"));
    private final Map<String, Object> secrets = new TreeMap<>();
    private final Masks masks;

    Documents(SimulatorContext context) {
        this.context = context;
        secrets.put("DEPLOY_TOKEN", context.tokens().grant());
        secrets.put("SIGNATURE", "seven knots & a <half> hitch");
        // an empty secret is a value to mask like any other, and whoever masks it masks everything
        secrets.put("UNSET", "");
        masks = new Masks(maskValues());
    }

    GitRepository repository() {
        return repository;
    }

    Masks masks(JobPlan plan) {
        return plan.secret() ? masks : Masks.NONE;
    }

    /**
     * The job as it is claimed.
     *
     * @param generation of the server; keys were added over time
     */
    Map<String, Object> of(Job job, String checkoutToken, int generation) {
        JobPlan plan = job.plan;
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", job.id);
        map.put("run_id", job.run.id);
        map.put("repo_id", REPOSITORY_ID);
        map.put("run_index", job.run.number);
        map.put("workflow_file", ".shithub/workflows/" + plan.key() + ".yml");
        map.put("workflow_name", plan.workflow());
        map.put("checkout_url", context.store().base() + ShithubControlPlane.BASE + REPOSITORY_PATH);
        map.put("checkout_token", checkoutToken);
        LocalRepository real = context.config().repository();
        map.put("head_sha", real == null ? repository.commit() : real.commit());
        map.put("head_ref", "refs/heads/" + (real == null ? repository.branch() : real.branch()));
        map.put("event", plan.event());
        map.put("event_payload", plan.event().equals("pull_request") ? REVIEWED : Map.of());
        map.put("job_key", plan.key());
        map.put("job_name", plan.name());
        map.put("runs_on", plan.runsOn());
        map.put("needs", job.needs == null ? List.of() : List.of(job.needs.plan.key()));
        map.put("if", "");
        map.put("timeout_minutes", 360);
        map.put("permissions", Map.of("contents", "read"));
        map.put("secrets", plan.secret() ? secrets : null);
        map.put("mask_values", plan.secret() ? maskValues() : null);
        if (generation >= 3) {
            map.put("variables", plan.secret() ? Map.of("PILOT", "Grace") : null);
            map.put("environment", "");
            map.put("environment_url", "");
        }
        map.put("env", plan.env());
        List<Object> steps = new ArrayList<>();
        job.steps.forEach(step -> steps.add(step.plan.toMap(step.id, step.index)));
        map.put("steps", steps);
        return map;
    }

    private List<String> maskValues() {
        return secrets.values().stream().map(String::valueOf).sorted().toList();
    }
}
