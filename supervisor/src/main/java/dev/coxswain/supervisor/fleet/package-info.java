/** Starts the runners with a ramp, schedules their polls, counts open leases, and drains. */
@NullMarked
package dev.coxswain.supervisor.fleet;

import org.jspecify.annotations.NullMarked;
