/** Workload: one configured command that gets a job file and leaves a result file. */
@NullMarked
package dev.coxswain.executors.pipeline;

import org.jspecify.annotations.NullMarked;
