/** Speaks to the admin API of a supervisor, this host's or another's, and lays out what it says. */
@NullMarked
package dev.coxswain.supervisor.client;

import org.jspecify.annotations.NullMarked;
