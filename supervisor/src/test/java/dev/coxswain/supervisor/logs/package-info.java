/** Tests of masking, spilling and following a job's log. */
@NullMarked
package dev.coxswain.supervisor.logs;

import org.jspecify.annotations.NullMarked;
