/** {@code cox bench}: measures the rooms from outside, each beside a reference in the same run, in JVMs of their own. */
@NullMarked
package dev.coxswain.supervisor.bench;

import org.jspecify.annotations.NullMarked;
