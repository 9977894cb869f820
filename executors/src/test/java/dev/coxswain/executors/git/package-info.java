/** What git is told of, and helpers of all that check out: real repositories, served on loopback. */
@NullMarked
package dev.coxswain.executors.git;

import org.jspecify.annotations.NullMarked;
