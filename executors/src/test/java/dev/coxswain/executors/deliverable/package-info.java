/** Tests of the rules for deliverables. */
@NullMarked
package dev.coxswain.executors.deliverable;

import org.jspecify.annotations.NullMarked;
