@NullMarked
package dev.coxswain.supervisor.cli;

import org.jspecify.annotations.NullMarked;
