@NullMarked
package dev.coxswain.supervisor.register;

import org.jspecify.annotations.NullMarked;
