/** The workload {@code actions}: runs the steps of a workflow's job, with its expressions, its env files and its checkout. */
@NullMarked
package dev.coxswain.executors.actions;

import org.jspecify.annotations.NullMarked;
