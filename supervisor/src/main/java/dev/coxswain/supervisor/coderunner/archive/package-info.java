/** ZIP files of strangers: checked, and unpacked within bounds (contract coderunner, section 6). */
@NullMarked
package dev.coxswain.supervisor.coderunner.archive;

import org.jspecify.annotations.NullMarked;
