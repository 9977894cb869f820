/** The control plane of Oore CI, with the rules of its contract to the letter. */
@NullMarked
package dev.coxswain.supervisor.simulator.oore;

import org.jspecify.annotations.NullMarked;
