/** The workload {@code flutter}: checks a repository out, runs the stages of its plan, signs and names what it leaves. */
@NullMarked
package dev.coxswain.executors.flutter;

import org.jspecify.annotations.NullMarked;
