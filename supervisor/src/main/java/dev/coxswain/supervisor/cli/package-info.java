/** One picocli class per command; no logic of its own. */
@NullMarked
package dev.coxswain.supervisor.cli;

import org.jspecify.annotations.NullMarked;
