/** The Coderunner HTTP API that we serve, with its store; its queue is leased from through {@code controlplane.coderunner}. */
@NullMarked
package dev.coxswain.supervisor.coderunner;

import org.jspecify.annotations.NullMarked;
