/** The files below {@code deploy/}: what can be checked of a unit, an image and a cluster without having them. */
@NullMarked
package dev.coxswain.supervisor.deploy;

import org.jspecify.annotations.NullMarked;
