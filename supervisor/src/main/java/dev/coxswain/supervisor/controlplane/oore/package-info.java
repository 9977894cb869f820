/** Speaks the runner API of Oore CI (contract oore-ci). */
@NullMarked
package dev.coxswain.supervisor.controlplane.oore;

import org.jspecify.annotations.NullMarked;
