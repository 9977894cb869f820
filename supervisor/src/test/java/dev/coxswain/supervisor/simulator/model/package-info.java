/** Tests of the simulated model server with the workload that asks it. */
@NullMarked
package dev.coxswain.supervisor.simulator.model;

import org.jspecify.annotations.NullMarked;
