package dev.coxswain.supervisor.functions;

import java.util.Locale;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.functions.CoderunnerException.Kind;

/**
 * Who asks (contract coderunner 2).
 *
 * @param workspace a UUID; the tenant
 * @param user the portal's user id
 */
public record Identity(String workspace, String user) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern USER = Pattern.compile("[!-~]{1,128}");

    public Identity {
        workspace = workspace.strip().toLowerCase(Locale.ROOT);
        if (!UUID.matcher(workspace).matches()) {
            throw new CoderunnerException(Kind.USAGE, "--workspace must be a UUID");
        }
        if (!USER.matcher(user).matches()) {
            throw new CoderunnerException(Kind.USAGE, "--user must be 1 to 128 visible characters");
        }
    }
}
