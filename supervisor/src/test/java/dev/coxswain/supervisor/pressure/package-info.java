/** Tests of the host's pressure, on made-up hosts and on this one. */
@NullMarked
package dev.coxswain.supervisor.pressure;

import org.jspecify.annotations.NullMarked;
