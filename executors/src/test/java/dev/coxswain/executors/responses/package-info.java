/** Tests of the model workload, against a scripted model server on loopback. */
@NullMarked
package dev.coxswain.executors.responses;

import org.jspecify.annotations.NullMarked;
