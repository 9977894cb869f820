/** The control plane of xenonflare's workspace jobs, with the rules of its contract to the letter. */
@NullMarked
package dev.coxswain.supervisor.simulator.workspace;

import org.jspecify.annotations.NullMarked;
