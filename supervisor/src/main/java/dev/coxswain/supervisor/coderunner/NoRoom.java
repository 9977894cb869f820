package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** A full disk, which is nobody's code's fault, and over when somebody has made room. */
final class NoRoom {
    /** The system's words for ENOSPC and EDQUOT; Java has no other sign of them. */
    private static final List<String> WORDS = List.of("No space left on device", "Disk quota exceeded");

    private NoRoom() {}

    /** Whether that is what it failed of. */
    static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isFull(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFull(Throwable cause) {
        return cause instanceof SQLException sql
                ? (sql.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_FULL.code
                : cause instanceof IOException && isSaid(cause.getMessage());
    }

    private static boolean isSaid(@Nullable String message) {
        return message != null && WORDS.stream().anyMatch(message::contains);
    }
}
