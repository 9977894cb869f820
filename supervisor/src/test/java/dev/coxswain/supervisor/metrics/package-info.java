/** Tests of the meters. */
@NullMarked
package dev.coxswain.supervisor.metrics;

import org.jspecify.annotations.NullMarked;
