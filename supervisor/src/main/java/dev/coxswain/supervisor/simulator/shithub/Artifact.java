package dev.coxswain.supervisor.simulator.shithub;

/**
 * A declared artifact.
 *
 * @param publicUrl where it is in the store once it was sent
 * @param expected whether its runner can know of it, and nothing keeps it from sending the bytes
 */
record Artifact(long id, String name, long sizeBytes, String publicUrl, boolean expected) {}
