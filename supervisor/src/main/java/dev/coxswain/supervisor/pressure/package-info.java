/** How much of the host is in use, and whether it may take one more job. */
@NullMarked
package dev.coxswain.supervisor.pressure;

import org.jspecify.annotations.NullMarked;
