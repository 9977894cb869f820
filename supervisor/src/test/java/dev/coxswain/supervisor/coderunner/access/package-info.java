/** Tests of this room. */
@NullMarked
package dev.coxswain.supervisor.coderunner.access;

import org.jspecify.annotations.NullMarked;
