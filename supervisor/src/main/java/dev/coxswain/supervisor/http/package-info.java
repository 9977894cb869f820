/** Builds the shared Reactor Netty clients (pools, timeouts), classifies failures, and holds the one retry policy. */
@NullMarked
package dev.coxswain.supervisor.http;

import org.jspecify.annotations.NullMarked;
