/** Tests of the benches: that they measure and clean up, not how fast anything is. */
@NullMarked
package dev.coxswain.supervisor.bench;

import org.jspecify.annotations.NullMarked;
