/** Tests of this room. */
@NullMarked
package dev.coxswain.supervisor.coderunner;

import org.jspecify.annotations.NullMarked;
