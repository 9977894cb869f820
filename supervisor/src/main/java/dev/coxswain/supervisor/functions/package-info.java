/** The client of a Coderunner, ours or the original: brings a folder of code there, has it run, and keeps what it made. */
@NullMarked
package dev.coxswain.supervisor.functions;

import org.jspecify.annotations.NullMarked;
