/** Tests of the small HTTP servers. */
@NullMarked
package dev.coxswain.supervisor.admin;

import org.jspecify.annotations.NullMarked;
