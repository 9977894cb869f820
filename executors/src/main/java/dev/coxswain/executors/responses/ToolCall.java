package dev.coxswain.executors.responses;

/**
 * A tool that the model wants to use.
 *
 * @param id what its output is sent back under
 * @param name of the tool
 * @param arguments a JSON text, if the model kept to the rules
 */
record ToolCall(String id, String name, String arguments) {}
