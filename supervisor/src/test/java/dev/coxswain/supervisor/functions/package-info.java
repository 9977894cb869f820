@NullMarked
package dev.coxswain.supervisor.functions;

import org.jspecify.annotations.NullMarked;
