@NullMarked
package dev.coxswain.supervisor.traces;

import org.jspecify.annotations.NullMarked;
