package dev.coxswain.executors.git;

import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** What is checked out: one commit, or whatever a branch or tag is at now. Never taken for an option of git's. */
public sealed interface GitRef {
    /**
     * One commit, whatever has become of its branch.
     *
     * @param sha 40 or 64 hexadecimal digits
     * @param branch where to look for it when the server hands out no single commit; null when unknown
     */
    record Commit(String sha, @Nullable String branch) implements GitRef {
        boolean isSha256() {
            return sha.length() == Rules.SHA256_DIGITS;
        }
    }

    /**
     * The newest commit of a branch, else of a tag of that name.
     *
     * @param name without {@code refs/heads/}
     */
    record Branch(String name) implements GitRef {}

    /**
     * What the claim names; a commit decides (contract oore-ci 16, trap 21).
     *
     * @throws GitRefusedException when it names nothing, or something that is no name
     */
    static GitRef of(@Nullable String sha, @Nullable String branch) {
        String name = branch == null || branch.isBlank() ? null : Rules.branch(branch.strip());
        if (sha != null && !sha.isBlank()) {
            return new Commit(Rules.sha(sha.strip()), name);
        }
        if (name == null) {
            throw new GitRefusedException(
                    "the build names neither a commit (commit_sha) nor a branch: there is nothing to "
                            + "check out");
        }
        return new Branch(name);
    }

    /** What git allows in names, and a little less. */
    final class Rules {
        private static final int SHA256_DIGITS = 64;
        private static final Pattern SHA = Pattern.compile("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}");
        private static final Pattern BAD = Pattern
                .compile("[\\p{Cc}\\p{Cf} ~^:?*\\[\\\\]|\\.\\.|@\\{|//|/\\.|\\.lock(/|$)");
        private static final String HEADS = "refs/heads/";
        private static final int MOST_CHARS = 250;

        private Rules() {}

        private static String sha(String sha) {
            if (!SHA.matcher(sha).matches()) {
                throw new GitRefusedException(
                        "commit_sha is no id of a commit: allowed are 40 or 64 hexadecimal digits");
            }
            return sha.toLowerCase(Locale.ROOT);
        }

        private static String branch(String branch) {
            String name = branch.startsWith(HEADS) ? branch.substring(HEADS.length()) : branch;
            if (name.isEmpty() || name.length() > MOST_CHARS || name.startsWith("-") || name.startsWith("/")
                    || name.startsWith(".") || name.endsWith("/") || name.endsWith(".") || name.equals("@")
                    || BAD.matcher(name).find()) {
                throw new GitRefusedException("branch is no name of a branch that git allows");
            }
            return name;
        }
    }
}
