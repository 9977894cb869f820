package dev.coxswain.supervisor.coderunner;

import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Finds what an id of run/onetime means: a deployment, a definition or a version (contract section 9). */
final class Runnables {
    private Runnables() {}

    /** What to run; the way it is run follows from its definition's type. */
    record Found(@Nullable Deployment deployment, Definition definition, CodeVersion version) {
        Size size() {
            return deployment == null ? Size.DEFAULT : deployment.size();
        }
    }

    static Found find(Sql sql, UUID tenant, UUID id) throws SQLException {
        Deployment deployment = DeploymentRows.find(sql, tenant, id);
        if (deployment != null) {
            return deployed(sql, deployment);
        }
        Definition definition = DefinitionRows.find(sql, tenant, id);
        if (definition != null) {
            Deployment active = DeploymentRows.active(sql, id);
            if (active != null) {
                return deployed(sql, active);
            }
            CodeVersion newest = VersionRows.newestCompleted(sql, id);
            if (newest == null) {
                throw Refusal.conflict("the definition has no version with status 3 (Completed)");
            }
            return new Found(null, definition, newest);
        }
        CodeVersion version = VersionRows.find(sql, tenant, id);
        if (version == null) {
            throw Refusal.notFound("deployment, definition or version");
        }
        if (version.status() != VersionStatus.COMPLETED) {
            throw Refusal.conflict("the version must have status 3 (Completed); it has " + version.status().number()
                    + " (" + version.status().label() + ")");
        }
        return new Found(null, DefinitionRows.get(sql, tenant, version.definitionId()), version);
    }

    /** A deployment with what it consists of; refused when it is stopped. */
    static Found deployed(Sql sql, Deployment deployment) throws SQLException {
        if (!deployment.wanted()) {
            throw Refusal.conflict("the deployment is stopped");
        }
        return new Found(deployment, Objects.requireNonNull(DefinitionRows.any(sql, deployment.definitionId())),
                Objects.requireNonNull(VersionRows.any(sql, deployment.versionId())));
    }
}
