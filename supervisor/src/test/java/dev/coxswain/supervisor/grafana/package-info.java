/** What Grafana and Prometheus get from us: whether names, rules and dashboards fit what a supervisor really shows. */
@NullMarked
package dev.coxswain.supervisor.grafana;

import org.jspecify.annotations.NullMarked;
