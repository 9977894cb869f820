/** Keeps each job's output, masked, in bounded memory and disk, for readers now and later. */
@NullMarked
package dev.coxswain.supervisor.logs;

import org.jspecify.annotations.NullMarked;
