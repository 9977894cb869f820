/**
 * What the service manager of the host (systemd) is told: ready, draining, reloading, and that the fleet still lives. Nothing
 * where there is none.
 */
@NullMarked
package dev.coxswain.supervisor.notify;

import org.jspecify.annotations.NullMarked;
