package dev.coxswain.supervisor.runner;

/**
 * The end of one job.
 *
 * @param result how it ended
 * @param message the reason, masked; empty after a success
 */
public record JobEnd(SettleResult result, String message) {}
