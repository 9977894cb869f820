/** Rules that hold for every executor. */
@NullMarked
package dev.coxswain.executors;

import org.jspecify.annotations.NullMarked;
