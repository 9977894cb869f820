/** Sends what became of jobs to a collector as traces; the only room that knows OpenTelemetry. */
@NullMarked
package dev.coxswain.supervisor.traces;

import org.jspecify.annotations.NullMarked;
