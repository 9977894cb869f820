/** The simulator is judged by a plain HTTP client: each rule and each verdict can be provoked. */
@NullMarked
package dev.coxswain.supervisor.simulator;

import org.jspecify.annotations.NullMarked;
