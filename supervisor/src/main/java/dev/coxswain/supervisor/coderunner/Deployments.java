package dev.coxswain.supervisor.coderunner;

import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;

/** Makes, activates and stops deployments, and tells those who keep them going (contract section 8). */
final class Deployments {
    private final Store store;
    private final Schedules schedules;
    private final Services services;
    private final CoderunnerLimits limits;
    private final FleetClock clock;

    Deployments(Store store, Schedules schedules, Services services, CoderunnerLimits limits, FleetClock clock) {
        this.store = store;
        this.schedules = schedules;
        this.services = services;
        this.limits = limits;
        this.clock = clock;
    }

    /** Emits the new deployment. Only a service needs time to be ready; until then it replaces nothing. */
    Mono<Deployment> create(Caller caller, UUID definitionId, UUID versionId, Size size, @Nullable String cron) {
        return Unbroken.of(store.write(sql -> {
            Definition definition = DefinitionRows.get(sql, caller.tenant(), definitionId);
            CodeVersion version = VersionRows.get(sql, caller.tenant(), versionId);
            if (!version.definitionId().equals(definitionId)) {
                throw Refusal.invalid("VersionId is a version of another definition");
            }
            if (version.status() != VersionStatus.COMPLETED) {
                throw Refusal.conflict("the version must have status 3 (Completed); it has "
                        + version.status().number() + " (" + version.status().label() + ")");
            }
            if (DeploymentRows.deployedBeside(sql, caller.tenant(), definitionId) >= limits.deployments()) {
                throw Refusal.tooMany("this workspace has " + limits.deployments()
                        + " active deployments already; stop one first", 60);
            }
            return inserted(sql, caller, definition, version, size, cron);
        }).delayUntil(made -> switch (made.type()) {
            case FUNCTION, BACKGROUND_JOB -> Mono.empty();
            case SCHEDULE_JOB -> schedules.refresh();
            case DEPLOYMENT -> Mono.fromRunnable(() -> services.keep(made));
        }));
    }

    private Deployment inserted(Sql sql, Caller caller, Definition definition, CodeVersion version, Size size,
            @Nullable String cron) throws SQLException {
        boolean isSchedule = definition.type() == DeploymentType.SCHEDULE_JOB;
        if (isSchedule) {
            if (cron == null) {
                throw Refusal.invalid("Configuration.CronExpression is missing; a ScheduleJob needs one");
            }
            CronSchedule.parse(cron, clock.now());
        }
        Deployment made = new Deployment(UUID.randomUUID(), definition.id(), version.id(), definition.tenant(),
                definition.type(), DeploymentStatus.PENDING, null, size, isSchedule ? cron : null, true, null,
                clock.now(), caller.user());
        DeploymentRows.insert(sql, made);
        if (definition.type() != DeploymentType.DEPLOYMENT) {
            DeploymentRows.activate(sql, made, clock.now());
        }
        return Objects.requireNonNull(DeploymentRows.any(sql, made.id()));
    }

    /** Stops one; what it has running ends, requests under way first. Stopping again changes nothing. */
    Mono<UUID> stop(Caller caller, UUID id) {
        return Unbroken.of(store.write(sql -> {
            Deployment found = DeploymentRows.get(sql, caller.tenant(), id);
            if (found.wanted()) {
                DeploymentRows.stop(sql, id);
            }
            return found;
        }).delayUntil(stopped -> switch (stopped.type()) {
            case FUNCTION, BACKGROUND_JOB -> Mono.empty();
            case SCHEDULE_JOB -> schedules.refresh();
            case DEPLOYMENT -> Mono.fromRunnable(() -> services.letGo(id));
        })).map(Deployment::id);
    }
}
