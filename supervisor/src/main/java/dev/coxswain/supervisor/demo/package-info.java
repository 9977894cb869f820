/** A simulator and a supervisor in one JVM, with progress and a table at the end. */
@NullMarked
package dev.coxswain.supervisor.demo;

import org.jspecify.annotations.NullMarked;
