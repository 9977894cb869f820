/** Says what this host can do for jobs. */
@NullMarked
package dev.coxswain.supervisor.doctor;

import org.jspecify.annotations.NullMarked;
