/** The port to the services that own jobs; their adapters live below it. */
@NullMarked
package dev.coxswain.supervisor.controlplane;

import org.jspecify.annotations.NullMarked;
