/** The only place where everything is built, wired, started and stopped, by hand. */
@NullMarked
package dev.coxswain.supervisor;

import org.jspecify.annotations.NullMarked;
