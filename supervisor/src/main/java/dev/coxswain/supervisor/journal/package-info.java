/** Append-only record of claims and outcomes, so that a restart can settle what a crash left open. */
@NullMarked
package dev.coxswain.supervisor.journal;

import org.jspecify.annotations.NullMarked;
