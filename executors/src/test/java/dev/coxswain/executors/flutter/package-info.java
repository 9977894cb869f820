/** Tests of the workload {@code flutter}. */
@NullMarked
package dev.coxswain.executors.flutter;

import org.jspecify.annotations.NullMarked;
