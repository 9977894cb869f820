/** The control plane of xenonflare's Studio jobs, with the rules of its contract to the letter. */
@NullMarked
package dev.coxswain.supervisor.simulator.studio;

import org.jspecify.annotations.NullMarked;
