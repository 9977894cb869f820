/** Tests of the executor for child processes of this host. */
@NullMarked
package dev.coxswain.executors.process;

import org.jspecify.annotations.NullMarked;
