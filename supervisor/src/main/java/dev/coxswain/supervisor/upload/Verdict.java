package dev.coxswain.supervisor.upload;

import dev.coxswain.supervisor.http.Failures;

/** What a status of the store means for a PUT (contract xenonflare-studio 6). */
enum Verdict {
    /** 200, 201, 204 */
    STORED,
    /** 412: something is there already and creation was required */
    EXISTS,
    /** 307, 308: the same request, elsewhere */
    ELSEWHERE,
    /** 400, 401, 403: expired or not signed for this; a fresh URL may do */
    REFUSED,
    /** 408, 429, 5xx: the same URL, later */
    LATER,
    /** anything else */
    FINAL;

    static Verdict of(int status) {
        return switch (status) {
            case 200, 201, 204 -> STORED;
            case 412 -> EXISTS;
            case 307, 308 -> ELSEWHERE;
            case 400, 401, 403 -> REFUSED;
            default -> Failures.isTransient(status) ? LATER : FINAL;
        };
    }
}
