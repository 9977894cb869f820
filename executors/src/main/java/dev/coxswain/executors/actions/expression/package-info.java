/**
 * The expression language of workflows: what stands between {@code ${{} and {@code }}}, and in conditions. Pure: text and
 * values in, text and values out, and each value knows whether a stranger could have chosen it.
 */
@NullMarked
package dev.coxswain.executors.actions.expression;

import org.jspecify.annotations.NullMarked;
