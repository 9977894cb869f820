package dev.coxswain.supervisor.simulator;

/**
 * A real git repository of this host.
 *
 * @param path absolute
 * @param commit what is built
 */
public record LocalRepository(String path, String branch, String commit) {}
