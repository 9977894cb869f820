/** The documented enum of meters and the Prometheus registry. */
@NullMarked
package dev.coxswain.supervisor.metrics;

import org.jspecify.annotations.NullMarked;
