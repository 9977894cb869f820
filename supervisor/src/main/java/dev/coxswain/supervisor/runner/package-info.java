/** One logical runner's stream: reserve, lease, run, settle, repeat; with its slots and heartbeats beside it. */
@NullMarked
package dev.coxswain.supervisor.runner;

import org.jspecify.annotations.NullMarked;
