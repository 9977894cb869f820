/** Who may call the Coderunner API, and for which workspace (contract coderunner, section 2). */
@NullMarked
package dev.coxswain.supervisor.coderunner.access;

import org.jspecify.annotations.NullMarked;
