/** What all adapters share: JSON over HTTP with a bearer token, and what a status means where no protocol says otherwise. */
@NullMarked
package dev.coxswain.supervisor.controlplane.wire;

import org.jspecify.annotations.NullMarked;
