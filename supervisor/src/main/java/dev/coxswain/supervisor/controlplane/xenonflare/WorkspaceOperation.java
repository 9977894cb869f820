package dev.coxswain.supervisor.controlplane.xenonflare;

/** The calls of the workspace protocol (contract xenonflare-workspace 2), by their label in the metrics. */
enum WorkspaceOperation implements Operation {
    LEASE("lease", "/leaseWorkspaceJob"), HEARTBEAT("heartbeat", "/heartbeatWorkspaceJob"), CONTEXT("context",
            "/getWorkspaceRunnerContext"), SUMMARY("summary", "/updateWorkspaceRunnerSummary"), COMPLETE("complete",
                    "/completeWorkspaceJob"), FAIL("fail",
                            "/failWorkspaceJob"), CHECK("check", "/heartbeatWorkspaceJob");

    private final String label;
    private final String path;

    WorkspaceOperation(String label, String path) {
        this.label = label;
        this.path = path;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String path() {
        return path;
    }
}
