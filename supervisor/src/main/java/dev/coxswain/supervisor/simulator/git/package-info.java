/** Git as a control plane serves it to whoever checks out: one small repository, and the smart protocol over HTTP. */
@NullMarked
package dev.coxswain.supervisor.simulator.git;

import org.jspecify.annotations.NullMarked;
