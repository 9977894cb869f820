/** Tests of the uploads, against a store that does what a script says and against a real one. */
@NullMarked
package dev.coxswain.supervisor.upload;

import org.jspecify.annotations.NullMarked;
