/** Tests of the expression language. */
@NullMarked
package dev.coxswain.executors.actions.expression;

import org.jspecify.annotations.NullMarked;
