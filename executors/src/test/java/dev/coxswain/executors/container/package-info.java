/** Tests of the executor for containers. */
@NullMarked
package dev.coxswain.executors.container;

import org.jspecify.annotations.NullMarked;
