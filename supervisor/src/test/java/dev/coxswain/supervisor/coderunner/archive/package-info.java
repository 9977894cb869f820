/** Tests of this room. */
@NullMarked
package dev.coxswain.supervisor.coderunner.archive;

import org.jspecify.annotations.NullMarked;
