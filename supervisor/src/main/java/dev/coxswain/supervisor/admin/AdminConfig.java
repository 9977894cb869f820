package dev.coxswain.supervisor.admin;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * {@code supervisor.admin:} and {@code supervisor.metrics:} of the configuration.
 *
 * @param adminHost literal address or host name the admin API listens on; default 127.0.0.1
 * @param adminPort its port, 0 for a free one; default 8710
 * @param token bearer token of the admin API; null only when {@code adminHost} is loopback
 * @param metricsHost where /metrics, /livez and /readyz listen; default 127.0.0.1
 * @param metricsPort its port, 0 for a free one; default 9464
 */
public record AdminConfig(String adminHost, int adminPort, @Nullable Secret token, String metricsHost,
        int metricsPort) {}
