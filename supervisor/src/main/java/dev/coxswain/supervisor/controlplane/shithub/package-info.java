/** Speaks the runner API of shithub Actions (contract shithub-actions). */
@NullMarked
package dev.coxswain.supervisor.controlplane.shithub;

import org.jspecify.annotations.NullMarked;
