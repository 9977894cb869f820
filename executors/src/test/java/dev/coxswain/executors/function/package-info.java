/** Tests of the workload {@code function}. */
@NullMarked
package dev.coxswain.executors.function;

import org.jspecify.annotations.NullMarked;
