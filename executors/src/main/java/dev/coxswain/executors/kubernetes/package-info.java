/**
 * Runs commands in pods of a Kubernetes cluster: a pod for each job, an exec for each command, output as it is demanded, and
 * nothing of a secret in a spec, an argument or a URL.
 */
@NullMarked
package dev.coxswain.executors.kubernetes;

import org.jspecify.annotations.NullMarked;
