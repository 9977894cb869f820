/**
 * The contract of running a job: an {@link dev.coxswain.executors.Executor} is <em>where</em> commands run, a
 * {@link dev.coxswain.executors.Workload} is <em>what</em> a leased job means. Nothing here knows of leases, control
 * planes or fleets.
 */
@NullMarked
package dev.coxswain.executors;

import org.jspecify.annotations.NullMarked;
