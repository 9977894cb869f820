package dev.coxswain.supervisor.coderunner;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.coderunner.access.AuthConfig;

/**
 * {@code controlPlanes: {NAME: {protocol: coderunner, …}}} of the configuration.
 *
 * @param name its name in the file
 * @param host where to listen; without any authentication a loopback address only
 * @param port 0 for a free one
 * @param publicUrl what callers reach it by, without a trailing slash; null for the address it listens on
 * @param auth who may call
 * @param publicEndpoints whether anybody may call {@code /fn/…}, and nothing else; default false
 * @param trustedProxies whose {@code X-Forwarded-*} goes on to user code; default none
 */
public record CoderunnerConfig(String name, String host, int port, @Nullable URI publicUrl, AuthConfig auth,
        boolean publicEndpoints, TrustedProxies trustedProxies, CoderunnerLimits limits) {}
