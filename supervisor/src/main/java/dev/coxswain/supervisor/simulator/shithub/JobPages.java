package dev.coxswain.supervisor.simulator.shithub;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.ObjectStore;
import dev.coxswain.supervisor.simulator.StoredObject;

/** What a person would see of jobs: states, steps, artifacts with the size of what came, and as much of the logs as is kept. */
final class JobPages {
    private static final int MOST = 1_000;

    private final ObjectStore store;
    private final Jobs jobs;

    JobPages(ObjectStore store, Jobs jobs) {
        this.store = store;
        this.jobs = jobs;
    }

    Answer newest() {
        return GoJson.answer(200, jobs.newest(MOST).stream().map(this::page).toList());
    }

    private Map<String, Object> page(Job job) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("id", job.id);
        page.put("run_id", job.run.id);
        page.put("workflow_name", job.plan.workflow());
        page.put("job_key", job.plan.key());
        page.put("status", job.phase.label());
        page.put("conclusion", job.conclusion);
        page.put("run_conclusion", job.run.conclusion);
        page.put("cancel_requested", job.cancelRequested);
        Runner runner = job.runner;
        page.put("runner", runner == null ? null : runner.holder);
        page.put("calls", job.calls);
        page.put("steps", job.steps.stream().map(JobPages::page).toList());
        page.put("artifacts", job.artifacts.stream().map(this::page).toList());
        return page;
    }

    private static Map<String, Object> page(Step step) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("id", step.id);
        page.put("name", step.plan.name());
        page.put("status", step.phase.label());
        page.put("conclusion", step.conclusion);
        page.put("chunks", step.log.chunks());
        page.put("bytes", step.log.bytes());
        page.put("log", step.log.text());
        return page;
    }

    private Map<String, Object> page(Artifact artifact) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("id", artifact.id());
        page.put("name", artifact.name());
        page.put("size_bytes", artifact.sizeBytes());
        page.put("received_bytes", store.find(artifact.publicUrl()).map(StoredObject::sizeBytes).orElse(-1L));
        return page;
    }
}
