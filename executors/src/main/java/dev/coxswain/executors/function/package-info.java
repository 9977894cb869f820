/**
 * The workload {@code function}: a Coderunner version (Node.js, Python, .NET script) called with a payload, warm or once.
 */
@NullMarked
package dev.coxswain.executors.function;

import org.jspecify.annotations.NullMarked;
