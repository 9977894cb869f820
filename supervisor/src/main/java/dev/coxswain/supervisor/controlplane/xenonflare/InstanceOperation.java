package dev.coxswain.supervisor.controlplane.xenonflare;

/** The management calls (contract xenonflare-workspace 10). */
enum InstanceOperation implements Operation {
    CREATE("create", "/createRunnerInstance"), RENAME("rename", "/updateRunnerInstance"), REVOKE("revoke",
            "/revokeRunnerInstance");

    private final String label;
    private final String path;

    InstanceOperation(String label, String path) {
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
