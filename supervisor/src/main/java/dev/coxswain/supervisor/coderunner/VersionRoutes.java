package dev.coxswain.supervisor.coderunner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Endpoints of versions (contract section 6). */
final class VersionRoutes {
    private final Store store;
    private final CodeFolders folders;
    private final Scheduler files;
    private final Uploads uploads;
    private final Processing processing;
    private final CoderunnerLimits limits;
    private final FleetClock clock;

    VersionRoutes(Store store, CodeFolders folders, Scheduler files, Uploads uploads, Processing processing,
            CoderunnerLimits limits, FleetClock clock) {
        this.store = store;
        this.folders = folders;
        this.files = files;
        this.uploads = uploads;
        this.processing = processing;
        this.limits = limits;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/api/file/{definitionId}/upload", "Uploads code as a ZIP and makes a version of it",
                        "Upload", "UploadedVersion", List.of(), this::upload),
                Route.get("/api/version/definition", "Lists a definition's versions, newest first", "Version[]",
                        List.of("DefinitionId!", "page", "pageSize"), this::list),
                Route.get("/api/version/{versionId}", "Shows a version", "Version", List.of(), this::get),
                Route.delete("/api/version/{versionId}", "Removes a version", this::delete));
    }

    private Mono<Reply> upload(Call call) {
        UUID definition = call.id();
        // before the body is read, and again when it has been; a caller who leaves too early ends the body
        return Unbroken.of(store.read(sql -> DefinitionRows.get(sql, call.tenant(), definition))
                .flatMap(found -> uploads.receive(call.request()))
                .flatMap(upload -> kept(call, definition, upload))
                .map(version -> {
                    processing.add(version.id());
                    return JsonReply.done("Code uploaded", Views.id(version.id())
                            .put("versionId", version.id().toString()).put("definitionId", definition.toString())
                            .put("status", version.status().number()).put("statusName", version.status().label()));
                }));
    }

    private Mono<CodeVersion> kept(Call call, UUID definition, Upload upload) {
        CodeVersion version = new CodeVersion(Ids.next(), definition, call.tenant(), upload.description(),
                VersionStatus.PENDING, null, upload.sizeBytes(), upload.sha256(), clock.now(), call.known().user(),
                null);
        Path archive = folders.archive(version.id());
        return Mono.fromCallable(() -> Files.move(upload.file(), archive)).subscribeOn(files)
                .then(store.write(sql -> {
                    DefinitionRows.get(sql, call.tenant(), definition);
                    if (VersionRows.count(sql, definition) >= limits.versions()) {
                        throw Refusal.conflict("the definition has " + limits.versions()
                                + " versions already; remove one first");
                    }
                    VersionRows.insert(sql, version);
                    return version;
                })).onErrorResume(e -> Mono.fromCallable(() -> {
                    Files.deleteIfExists(archive);
                    Files.deleteIfExists(upload.file());
                    return archive;
                }).subscribeOn(files).then(Mono.error(e)));
    }

    private Mono<Reply> list(Call call) {
        UUID definition = call.queryId("DefinitionId");
        Page page = call.page();
        return store.read(sql -> {
            DefinitionRows.get(sql, call.tenant(), definition);
            return VersionRows.list(sql, definition, page);
        }).map(found -> JsonReply.done("Versions", Views.list(found.stream().map(Views::version).toList())));
    }

    private Mono<Reply> get(Call call) {
        UUID id = call.id();
        return store.read(sql -> VersionRows.get(sql, call.tenant(), id))
                .map(found -> JsonReply.done("Version", Views.version(found)));
    }

    private Mono<Reply> delete(Call call) {
        UUID id = call.id();
        return Unbroken.of(store.write(sql -> {
            CodeVersion version = VersionRows.get(sql, call.tenant(), id);
            if (!version.status().isEnd()) {
                throw Refusal.conflict("the version is being processed (status " + version.status().number() + ", "
                        + version.status().label() + ")");
            }
            if (DeploymentRows.usesVersion(sql, id)) {
                throw Refusal.conflict("a live deployment uses the version");
            }
            if (ExecutionRows.versionIsBusy(sql, id)) {
                throw Refusal.conflict("an execution of the version has not ended");
            }
            VersionRows.delete(sql, id);
            return version;
        }).flatMap(version -> Mono.fromCallable(() -> {
            folders.removeVersion(id);
            return id;
        }).subscribeOn(files))).map(gone -> JsonReply.done("Version removed", Views.id(gone)));
    }
}
