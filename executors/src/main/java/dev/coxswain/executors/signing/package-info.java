/**
 * Signs what an Android build leaves, with material that the control plane gives for this one job. Shared: a workload that
 * builds for Android uses it, and it knows none of them.
 */
@NullMarked
package dev.coxswain.executors.signing;

import org.jspecify.annotations.NullMarked;
