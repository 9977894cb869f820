@NullMarked
package dev.coxswain.supervisor.simulator.workspace;

import org.jspecify.annotations.NullMarked;
