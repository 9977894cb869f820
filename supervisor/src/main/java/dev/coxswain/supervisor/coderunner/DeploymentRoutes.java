package dev.coxswain.supervisor.coderunner;

import java.util.List;
import java.util.UUID;

import reactor.core.publisher.Mono;

/** Endpoints of deployments (contract section 8). */
final class DeploymentRoutes {
    private final Store store;
    private final Deployments deployments;
    private final HostSize host;
    private final Views views;

    DeploymentRoutes(Store store, Deployments deployments, HostSize host, Views views) {
        this.store = store;
        this.deployments = deployments;
        this.host = host;
        this.views = views;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/api/deployment/create", "Deploys a version", "NewDeployment", "Deployment", List.of(),
                        this::create),
                Route.get("/api/deployment/definition", "Lists a definition's deployments, newest first",
                        "Deployment[]", List.of("DefinitionId!", "page", "pageSize"), this::list),
                Route.get("/api/deployment/{deploymentId}", "Shows a deployment", "Deployment", List.of(), this::get),
                Route.delete("/api/deployment/{deploymentId}", "Stops a deployment", this::stop));
    }

    private Mono<Reply> create(Call call) {
        return call.fields().flatMap(fields -> {
            UUID definition = fields.id("DefinitionId");
            UUID version = fields.id("VersionId");
            Fields configuration = fields.object("Configuration");
            return deployments.create(call.known(), definition, version, Quantities.size(configuration, host),
                    configuration.text("CronExpression", 200));
        }).map(made -> JsonReply.done("Deployment created", views.deployment(made)));
    }

    private Mono<Reply> list(Call call) {
        UUID definition = call.queryId("DefinitionId");
        Page page = call.page();
        return store.read(sql -> {
            DefinitionRows.get(sql, call.tenant(), definition);
            return DeploymentRows.list(sql, definition, page);
        }).map(found -> JsonReply.done("Deployments", Views.list(found.stream().map(views::deployment).toList())));
    }

    private Mono<Reply> get(Call call) {
        UUID id = call.id();
        return store.read(sql -> DeploymentRows.get(sql, call.tenant(), id))
                .map(found -> JsonReply.done("Deployment", views.deployment(found)));
    }

    private Mono<Reply> stop(Call call) {
        return deployments.stop(call.known(), call.id()).map(id -> JsonReply.done("Deployment stopped", Views.id(id)));
    }
}
