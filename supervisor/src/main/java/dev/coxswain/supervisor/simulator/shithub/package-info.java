/** The control plane of shithub Actions, with the rules of its contract to the letter. */
@NullMarked
package dev.coxswain.supervisor.simulator.shithub;

import org.jspecify.annotations.NullMarked;
