package dev.coxswain.supervisor.functions;

/** The names in the manifest block (contract coderunner 12). */
public enum ManifestKey {
    /** of the definition */
    DEFINITION_ID("definition_id"),
    /** of the version that was uploaded or deployed last */
    VERSION_ID("version_id"),
    /** of the deployment */
    DEPLOYMENT_ID("deployment_id"),
    /** the execution that was started last */
    LAST_JOB_NAME("last_job_name"),
    /** the last of its states that was seen */
    LAST_JOB_STATUS("last_job_status");

    private final String word;

    ManifestKey(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
