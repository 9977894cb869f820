/** A language-model server behind the Responses API, as real as a script can be, and as rude. */
@NullMarked
package dev.coxswain.supervisor.simulator.model;

import org.jspecify.annotations.NullMarked;
