package dev.coxswain.executors.container;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

import dev.coxswain.executors.WorkspaceException;

/** Says what the engine refused, or why it could not be asked, and what to do about it. */
final class EngineTrouble {
    private EngineTrouble() {}

    /**
     * In words for the job's owner and whoever runs the fleet.
     *
     * @param what was tried, such as {@code cannot make the container X}
     */
    static WorkspaceException told(String what, Path socket, Throwable failure) {
        return switch (failure) {
            case WorkspaceException known -> known;
            case EngineException refused when refused.status() > 0 -> new WorkspaceException(
                    what + ": " + refused.getMessage() + " (status " + refused.status() + " of the engine at " + socket
                            + ")" + hint(String.valueOf(refused.getMessage())),
                    failure);
            case EngineException odd -> new WorkspaceException(
                    what + ": " + odd.getMessage() + " (the engine at " + socket + ")", failure);
            case TimeoutException late -> new WorkspaceException(
                    what + ": the engine at " + socket + " does not answer in time", failure);
            case ConnectException none -> new WorkspaceException(what + nobody(socket, none), failure);
            case FileNotFoundException none -> new WorkspaceException(what + nobody(socket, none), failure);
            case IOException broken -> new WorkspaceException(
                    what + ": the connection to the engine at " + socket + " broke (" + message(broken) + ")", failure);
            default -> new WorkspaceException(
                    what + ": the engine at " + socket + " can't be asked (" + message(failure) + ")", failure);
        };
    }

    private static String nobody(Path socket, IOException failure) {
        String message = message(failure);
        return message.contains("ermission denied")
                ? ": this user may not use the engine's socket " + socket
                        + "; put the user into its group, or name another with the executor's key socket"
                : ": no engine listens at " + socket + " (" + message
                        + "); start one, such as with systemctl start podman.socket, or name its socket with the "
                        + "executor's key socket";
    }

    private static String hint(String said) {
        if (said.contains("/bin/sh")) {
            return "; the image needs a POSIX shell at /bin/sh";
        }
        return said.contains("network") ? "; look at the executor's key network" : "";
    }

    static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.replaceAll("\\p{Cntrl}", "?");
    }
}
