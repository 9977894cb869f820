package dev.coxswain.supervisor.controlplane.xenonflare;

/** The calls of the studio protocol (contract xenonflare-studio 2), by their label in the metrics. */
enum StudioOperation implements Operation {
    LEASE("lease", "/leaseRunnerJob"), HEARTBEAT("heartbeat", "/heartbeatRunnerJob"), SIGN("sign",
            "/runnerSignUpload"), COMPLETE("complete", "/completeRunnerJob"), FAIL("fail",
                    "/failRunnerJob"), CHECK("check", "/heartbeatRunnerJob");

    private final String label;
    private final String path;

    StudioOperation(String label, String path) {
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
