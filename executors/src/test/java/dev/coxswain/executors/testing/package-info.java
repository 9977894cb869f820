/** What all tests of this module stand on. */
@NullMarked
package dev.coxswain.executors.testing;

import org.jspecify.annotations.NullMarked;
