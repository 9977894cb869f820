package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One build, stage after stage; a stage that fails ends the stream with a {@link BuildEnd}. */
final class FlutterBuild {
    private static final String SIGNING = "signing";

    private final BuildTools tools;
    private final BuildJob job;
    private final JobAccess access;
    private final Workspace workspace;
    private final Deadline deadline;

    FlutterBuild(BuildTools tools, BuildJob job, JobAccess access, Workspace workspace) {
        this.tools = tools;
        this.job = job;
        this.access = access;
        this.workspace = workspace;
        this.deadline = tools.deadline();
    }

    /** What happens, from the guard to the good end. */
    Flux<ExecutionEvent> run() {
        List<TargetPlatform> announced = job.announced();
        boolean ios = announced.contains(TargetPlatform.IOS);
        return Flux.concat(events(tools.guard().check(announced)), ios ? refuseIosSigning() : Flux.empty(),
                new Checkout(workspace, deadline, job.remote(), job.ref()).run(),
                deadline.within("reading its plan", tools.plan(workspace, job).flux())
                        .concatMap(plan -> planned(plan, ios), 1));
    }

    private Flux<ExecutionEvent> planned(Plan plan, boolean iosAsked) {
        boolean ask = plan.platforms().contains(TargetPlatform.IOS) && !iosAsked;
        AndroidSigner.Variant variant = FlutterCommand.androidVariant(plan.stages().build());
        return Flux.concat(Flux.fromIterable(BuildEnvironment.secrets(plan.environment()))
                .map(ExecutionEvent.SecretLearnt::new), events(tools.guard().check(plan.platforms())),
                ask ? refuseIosSigning() : Flux.empty(),
                variant == null ? stages(plan, null) : signed(plan, variant));
    }

    private Flux<ExecutionEvent> refuseIosSigning() {
        return deadline.within(SIGNING, events(tools.iosSigning().refuse(access)));
    }

    /** The keys are given back whatever happens. */
    private Flux<ExecutionEvent> signed(Plan plan, AndroidSigner.Variant variant) {
        Mono<AndroidSigner.Keys> keys = deadline.within(SIGNING, tools.signer().fetch(access).flux()).next()
                .switchIfEmpty(
                        Mono.error(() -> new IllegalStateException("the signer brought no keys, not even none")));
        return Flux.usingWhen(keys, held -> stages(plan, held.has(variant) ? held : null),
                held -> Mono.fromRunnable(held::close));
    }

    private Flux<ExecutionEvent> stages(Plan plan, AndroidSigner.@Nullable Keys keys) {
        Map<String, String> environment = tools.environment(job, plan);
        Steps steps = new Steps(workspace, deadline, environment);
        return Flux.concat(dotEnv(plan), stage(steps, "pre_build", plan.stages().preBuild(), null),
                stage(steps, "build", plan.stages().build(), keys),
                stage(steps, "post_build", plan.stages().postBuild(), null),
                tools.artifacts(workspace, deadline).run(plan.artifacts()));
    }

    private Flux<ExecutionEvent> dotEnv(Plan plan) {
        return plan.environment().isEmpty()
                ? Flux.empty()
                : events(workspace
                        .write(Checkout.FOLDER + "/" + DotEnv.NAME, DotEnv.write(plan.environment()))
                        .onErrorMap(WorkspaceException.class, e -> BuildEnd.failed("the file " + DotEnv.NAME
                                + " with the plan's variables can't be written: " + e.getMessage())));
    }

    private Flux<ExecutionEvent> stage(Steps steps, String name, List<String> commands,
            AndroidSigner.@Nullable Keys keys) {
        return Flux.range(0, commands.size()).concatMap(i -> {
            String command = commands.get(i);
            Flux<ExecutionEvent> step = steps.run(name + "-" + (i + 1), command);
            AndroidSigner.Variant variant = keys == null ? null : FlutterCommand.androidVariant(command);
            return keys == null || variant == null ? step : step.concatWith(sign(keys, variant));
        }, 1);
    }

    private Flux<ExecutionEvent> sign(AndroidSigner.Keys keys, AndroidSigner.Variant variant) {
        return deadline.within(SIGNING, keys.sign(variant, workspace, Checkout.FOLDER))
                .concatMap(event -> event instanceof ExecutionEvent.StepEnded ended
                        && ended.result() == ExecutionEvent.StepResult.FAILED
                                ? Flux.just(event).concatWith(Mono.error(BuildEnd.failed(ended.name()
                                        + " failed with exit code " + ended.exitCode())))
                                : Flux.just(event),
                        1);
    }

    private static Flux<ExecutionEvent> events(Mono<Void> stage) {
        return stage.thenMany(Flux.empty());
    }
}
