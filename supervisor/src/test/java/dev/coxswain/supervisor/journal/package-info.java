/** Tests of the journal. */
@NullMarked
package dev.coxswain.supervisor.journal;

import org.jspecify.annotations.NullMarked;
