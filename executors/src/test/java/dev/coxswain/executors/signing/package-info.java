@NullMarked
package dev.coxswain.executors.signing;

import org.jspecify.annotations.NullMarked;
