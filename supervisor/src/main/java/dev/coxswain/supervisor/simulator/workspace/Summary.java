package dev.coxswain.supervisor.simulator.workspace;

/** What stands for earlier messages, from the first to the last of them. */
record Summary(String text, String fromMessageId, String throughMessageId) {}
