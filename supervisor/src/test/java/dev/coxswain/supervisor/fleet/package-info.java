/** Tests of the fleet, in virtual time. */
@NullMarked
package dev.coxswain.supervisor.fleet;

import org.jspecify.annotations.NullMarked;
