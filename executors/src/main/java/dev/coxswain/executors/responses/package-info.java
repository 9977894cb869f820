/** Workload: a language-model tool loop that produces messages and deliverables. */
@NullMarked
package dev.coxswain.executors.responses;

import org.jspecify.annotations.NullMarked;
