/** The small HTTP servers: metrics and probes on one port, the JSON API on the other. */
@NullMarked
package dev.coxswain.supervisor.admin;

import org.jspecify.annotations.NullMarked;
