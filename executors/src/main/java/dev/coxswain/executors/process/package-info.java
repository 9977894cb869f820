/**
 * Runs commands as child processes of this host: own session (and cgroup where it can), bounded output, graceful signal,
 * then kill.
 */
@NullMarked
package dev.coxswain.executors.process;

import org.jspecify.annotations.NullMarked;
