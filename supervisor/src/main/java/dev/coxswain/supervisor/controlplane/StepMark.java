package dev.coxswain.supervisor.controlplane;

import java.time.Instant;

import dev.coxswain.executors.ExecutionEvent;

/**
 * A step of a job began or ended.
 *
 * @param step which one, and how; masked
 * @param at our wall clock
 */
public record StepMark(ExecutionEvent.Step step, Instant at) {}
