/** Adapters for the xenonflare protocols: one transport and error form, small control planes. */
@NullMarked
package dev.coxswain.supervisor.controlplane.xenonflare;

import org.jspecify.annotations.NullMarked;
