package dev.coxswain.supervisor.pressure;

/**
 * Why the host takes no job.
 *
 * @param resource what is short
 * @param words for people, for example {@code host memory 93 % used, above 90 %}
 */
public record Shortage(Resource resource, String words) {}
