/** Tests of the workload {@code actions}. */
@NullMarked
package dev.coxswain.executors.actions;

import org.jspecify.annotations.NullMarked;
