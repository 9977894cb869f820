/** A shared room: what commands have in common that are run by an exec in somebody else's container; it knows no engine and no cluster. */
@NullMarked
package dev.coxswain.executors.exec;

import org.jspecify.annotations.NullMarked;
