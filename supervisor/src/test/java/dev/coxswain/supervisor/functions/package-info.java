/** Tests of the client of a Coderunner. */
@NullMarked
package dev.coxswain.supervisor.functions;

import org.jspecify.annotations.NullMarked;
