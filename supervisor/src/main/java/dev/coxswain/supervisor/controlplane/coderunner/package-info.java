/** Adapter for coderunner, which we serve ourselves: its executions are leased in process, without HTTP. */
@NullMarked
package dev.coxswain.supervisor.controlplane.coderunner;

import org.jspecify.annotations.NullMarked;
