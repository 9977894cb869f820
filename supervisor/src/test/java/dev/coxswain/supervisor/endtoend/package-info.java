/** The whole product against simulated control planes: killed, frozen, drained, fed with nonsense, searched for secrets. */
@NullMarked
package dev.coxswain.supervisor.endtoend;

import org.jspecify.annotations.NullMarked;
