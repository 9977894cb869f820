/** What all tests of this module stand on. */
@NullMarked
package dev.coxswain.supervisor.testing;

import org.jspecify.annotations.NullMarked;
