package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Optional;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.yaml.YamlJson;
import dev.coxswain.executors.yaml.YamlRefusedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Finds out what a build runs, from the files of the checkout, else from the claim (contract oore-ci 11). */
final class PlanFiles {
    private static final List<String> USUAL = List.of(".oore.yaml", ".oore.yml");
    private static final int MOST_BYTES = 256 * 1024;

    private final CheckedOutFiles files;
    private final BuildJob job;
    private final JsonMapper mapper;

    PlanFiles(Workspace workspace, BuildJob job, JsonMapper mapper) {
        this.files = new CheckedOutFiles(workspace);
        this.job = job;
        this.mapper = mapper;
    }

    /** Emits the plan, or fails with the build's end. */
    Mono<Plan> plan() {
        Mono<Optional<String>> pinned = files.read(FlutterVersion.FILE, FlutterVersion.MOST_BYTES)
                .map(text -> Optional.ofNullable(FlutterVersion.pinned(mapper, text))).defaultIfEmpty(Optional.empty());
        return Mono.zip(source(), pinned,
                (source, version) -> PlanRules.plan(source, job.selected(), version.orElse(null)));
    }

    private Mono<PlanSource> source() {
        String explicit = job.configPath();
        List<String> candidates = explicit == null ? USUAL : List.of(explicit);
        return Flux.fromIterable(candidates).concatMap(this::file, 1).next()
                .switchIfEmpty(Mono.fromCallable(() -> new PlanSource.FromUi(SettingsReader.ofPage(job.settings()))));
    }

    private Mono<PlanSource> file(String path) {
        return files.read(path, MOST_BYTES).map(text -> fromFile(path, text));
    }

    /** @throws BuildEnd when it is no plan */
    static PlanSource fromFile(String path, String text) {
        try {
            return new PlanSource.FromFile(path, SettingsReader.ofFile(path, YamlJson.parse(path, text)));
        } catch (YamlRefusedException e) {
            throw BuildEnd.failed(String.valueOf(e.getMessage()));
        }
    }
}
