/**
 * The folder of one job on this host: files that never lead out of it, whatever links a command left, and its removal.
 * Everything here blocks.
 */
@NullMarked
package dev.coxswain.executors.files;

import org.jspecify.annotations.NullMarked;
