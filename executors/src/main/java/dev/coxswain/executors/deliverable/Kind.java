package dev.coxswain.executors.deliverable;

/** The kinds of deliverables (contract xenonflare-workspace 6). */
public enum Kind {
    FILE("file", "files", 24), CHART("chart", "charts", 12), TABLE("table", "datasets", 8), SVG("svg", "svgs",
            8), LIST("list", "lists", 12), CHECKLIST("checklist", "checklists", 8);

    private final String word;
    private final String wireName;
    private final int mostPerJob;

    Kind(String word, String wireName, int mostPerJob) {
        this.word = word;
        this.wireName = wireName;
        this.mostPerJob = mostPerJob;
    }

    /** Its word in placeholders. */
    public String word() {
        return word;
    }

    /** The name of its array in the final report; tables are {@code datasets} there. */
    public String wireName() {
        return wireName;
    }

    /** How many a job may have; charts of all forms count together. */
    public int mostPerJob() {
        return mostPerJob;
    }
}
