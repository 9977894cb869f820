/**
 * Runs commands in a container through the Docker-compatible HTTP API: one container for each job, its folder a folder of
 * this host.
 */
@NullMarked
package dev.coxswain.executors.container;

import org.jspecify.annotations.NullMarked;
