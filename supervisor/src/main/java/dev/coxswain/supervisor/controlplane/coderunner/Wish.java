package dev.coxswain.supervisor.controlplane.coderunner;

/** What the server wants of an execution that a runner holds. */
public sealed interface Wish {
    /** It shall run on. */
    record GoOn() implements Wish {}

    /** It shall be stopped and reported as cancelled. */
    record Stop(String reason) implements Wish {}

    /** It has ended here; nothing is to be reported any more. */
    record Over(String reason) implements Wish {}
}
