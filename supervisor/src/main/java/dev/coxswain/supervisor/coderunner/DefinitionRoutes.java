package dev.coxswain.supervisor.coderunner;

import java.util.List;
import java.util.UUID;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Endpoints of definitions (contract section 5). */
final class DefinitionRoutes {
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_DESCRIPTION = 1_024;

    private final Store store;
    private final CodeFolders folders;
    private final LogFolder logs;
    private final Scheduler files;
    private final CoderunnerLimits limits;
    private final FleetClock clock;

    DefinitionRoutes(Store store, CodeFolders folders, LogFolder logs, Scheduler files, CoderunnerLimits limits,
            FleetClock clock) {
        this.store = store;
        this.folders = folders;
        this.logs = logs;
        this.files = files;
        this.limits = limits;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/api/definitions", "Creates a definition", "NewDefinition", "Definition", List.of(),
                        this::create),
                Route.get("/api/definitions", "Lists the workspace's definitions, newest first", "Definition[]",
                        List.of("page", "pageSize"), this::list),
                Route.get("/api/definitions/{definitionId}", "Shows a definition", "Definition", List.of(), this::get),
                Route.delete("/api/definitions/{definitionId}", "Removes a definition with all that hangs on it",
                        this::delete));
    }

    private Mono<Reply> create(Call call) {
        return call.fields().flatMap(fields -> {
            String name = fields.text("name", LONGEST_NAME);
            if (name == null || name.isEmpty()) {
                throw Refusal.invalid("name must have 1 to " + LONGEST_NAME + " characters");
            }
            String description = fields.text("description", LONGEST_DESCRIPTION);
            DeploymentType type = fields.choice("deploymentType", List.of(DeploymentType.values()),
                    DeploymentType::number, DeploymentType::label);
            LanguageType language = fields.choice("languageType", List.of(LanguageType.values()),
                    LanguageType::number, LanguageType::label);
            return store.write(sql -> {
                if (DefinitionRows.count(sql, call.tenant()) >= limits.definitions()) {
                    throw Refusal.tooMany("this workspace has " + limits.definitions()
                            + " definitions already; remove one first", 60);
                }
                Definition made = new Definition(UUID.randomUUID(), call.tenant(), name,
                        description == null ? "" : description, type, language, clock.now(), call.known().user());
                DefinitionRows.insert(sql, made);
                return made;
            });
        }).map(made -> JsonReply.done("Code definition created", Views.definition(made)));
    }

    private Mono<Reply> list(Call call) {
        Page page = call.page();
        return store.read(sql -> DefinitionRows.list(sql, call.tenant(), page)).map(found -> JsonReply.done(
                "Code definitions", Views.list(found.stream().map(Views::definition).toList())));
    }

    private Mono<Reply> get(Call call) {
        UUID id = call.id();
        return store.read(sql -> DefinitionRows.get(sql, call.tenant(), id))
                .map(found -> JsonReply.done("Code definition", Views.definition(found)));
    }

    private Mono<Reply> delete(Call call) {
        UUID id = call.id();
        return Unbroken.of(store.write(sql -> {
            DefinitionRows.get(sql, call.tenant(), id);
            if (!DeploymentRows.wanted(sql, id).isEmpty()) {
                throw Refusal.conflict("the definition has a live deployment; stop it first");
            }
            if (ExecutionRows.definitionIsBusy(sql, id)) {
                throw Refusal.conflict("the definition has executions that have not ended");
            }
            List<CodeVersion> versions = VersionRows.list(sql, id, new Page(1, Integer.MAX_VALUE));
            if (versions.stream().anyMatch(version -> !version.status().isEnd())) {
                throw Refusal.conflict("a version of the definition is being processed");
            }
            DefinitionRows.delete(sql, id);
            return versions;
        }).flatMap(versions -> Mono.fromCallable(() -> {
            for (CodeVersion version : versions) {
                folders.removeVersion(version.id());
            }
            logs.remove(id);
            return id;
        }).subscribeOn(files))).map(gone -> JsonReply.done("Code definition removed", Views.id(gone)));
    }
}
