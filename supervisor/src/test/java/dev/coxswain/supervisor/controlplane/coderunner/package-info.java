/** Tests of this room. */
@NullMarked
package dev.coxswain.supervisor.controlplane.coderunner;

import org.jspecify.annotations.NullMarked;
