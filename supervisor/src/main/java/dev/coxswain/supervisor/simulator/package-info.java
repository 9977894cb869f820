/** The control planes and an object store as real, rude HTTP servers with a ledger. */
@NullMarked
package dev.coxswain.supervisor.simulator;

import org.jspecify.annotations.NullMarked;
