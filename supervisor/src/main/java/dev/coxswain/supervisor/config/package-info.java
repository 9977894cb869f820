/** Reads one file plus environment into immutable records, and refuses unknown keys, with file, line and key in the message. */
@NullMarked
package dev.coxswain.supervisor.config;

import org.jspecify.annotations.NullMarked;
