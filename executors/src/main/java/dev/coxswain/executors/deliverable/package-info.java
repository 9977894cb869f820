/** What an answer to a workspace job may bring besides its text: values and their rules, no I/O. */
@NullMarked
package dev.coxswain.executors.deliverable;

import org.jspecify.annotations.NullMarked;
