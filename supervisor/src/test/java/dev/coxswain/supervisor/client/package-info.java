@NullMarked
package dev.coxswain.supervisor.client;

import org.jspecify.annotations.NullMarked;
