package dev.coxswain.executors.flutter;

/** Where a build's settings come from: a file replaces those of the page entirely, and the rules differ a little. */
sealed interface PlanSource {
    BuildSettings settings();

    /**
     * A file of the repository.
     *
     * @param path relative to the checkout
     */
    record FromFile(String path, BuildSettings settings) implements PlanSource {}

    /** The control plane's page, as the claim delivered it. */
    record FromUi(BuildSettings settings) implements PlanSource {}
}
