/** Tests of the executor of Kubernetes, against a cluster that is none. */
@NullMarked
package dev.coxswain.executors.kubernetes;

import org.jspecify.annotations.NullMarked;
