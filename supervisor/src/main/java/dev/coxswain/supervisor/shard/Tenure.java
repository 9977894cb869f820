package dev.coxswain.supervisor.shard;

/** How a supervisor stands to a shard. */
enum Tenure {
    /** it is somebody else's, or nobody's */
    ELSEWHERE,
    /** it is ours, and we have not looked yet what others still keep of it */
    TAKEN,
    /** its runners lease here */
    ACTING,
    /** it is ours still, and nothing new is leased, since it goes to somebody else */
    HANDING_OVER,
    /** we tried to give it back, and don't know whether that will still happen */
    UNSURE
}
