package dev.coxswain.supervisor.doctor;

import java.util.List;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which programs are there, by running each one. */
final class ProgramFindings {
    private static final int AT_ONCE = 4;
    private static final List<Program> ALL = List.of(
            new Program("setsid", List.of("setsid", "--version"),
                    "without it and without glibc 2.36 or newer, jobs share"
                            + " our session, and Ctrl-C reaches them: install util-linux"),
            new Program("bubblewrap", List.of("bwrap", "--version"),
                    "sandbox: bubblewrap needs it: install bubblewrap"),
            new Program("podman", List.of("podman", "--version"), "executors of kind container need podman or docker"),
            new Program("docker", List.of("docker", "--version"), "executors of kind container need podman or docker"),
            new Program("perl", List.of("perl", "-e", "print \"perl $^V\\n\""),
                    "jobs that call perl fail: install perl"),
            new Program("node", List.of("node", "--version"), "functions in JavaScript need it: install nodejs"),
            new Program("python3", List.of("python3", "--version"), "functions in Python need it: install python3"),
            new Program("dotnet", List.of("dotnet", "--version"), "functions in .NET need it: install the .NET SDK"),
            new Program("git", List.of("git", "--version"), "checkouts need it: install git"),
            new Program("kubectl context", List.of("kubectl", "config", "current-context"),
                    "executors of kind kubernetes need a cluster: kubectl config use-context, or run in a pod"));

    private final Programs programs;

    ProgramFindings(Programs programs) {
        this.programs = programs;
    }

    Mono<List<Finding>> all() {
        return Flux.fromIterable(ALL).flatMapSequential(this::look, AT_ONCE).collectList();
    }

    private Mono<Finding> look(Program program) {
        return programs.run(program.argv()).map(ran -> judge(program.name(), program.hint(), ran));
    }

    static Finding judge(String name, String hint, Programs.Ran ran) {
        return switch (ran.end()) {
            case NOT_FOUND -> Finding.missing(name, "not found", hint);
            case TOO_SLOW -> Finding.warn(name, "gave no answer within " + Programs.LIMIT.toSeconds() + " s", hint);
            case EXITED -> ran.isGood()
                    ? Finding.ok(name, ran.firstLine())
                    : Finding.warn(name, "exit " + ran.code() + ": " + ran.firstLine(), hint);
        };
    }

    private record Program(String name, List<String> argv, String hint) {}
}
