package dev.coxswain.executors;

/**
 * How git gets at the sources of a job that its control plane guards. For this one repository only: no other host, no
 * submodule and no redirect may get the header.
 *
 * @param url of the repository
 * @param header a whole HTTP header line, a secret: never in arguments or a file of the checkout
 */
public record SourceAccess(String url, String header) {
    @Override
    public String toString() {
        return "SourceAccess[***]";
    }
}
