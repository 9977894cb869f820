package dev.coxswain.executors.process;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A shell that joins a control group and becomes the program: for hosts where a process can't be born in its group. */
final class ShellJoin {
    static final String SHELL = "/bin/sh";
    /** What shells export without being asked. */
    private static final List<String> NOISE = List.of("PWD", "OLDPWD", "SHLVL", "_");

    private ShellJoin() {}

    /** The program comes after {@code exec}s only, so the pid that we see stays its pid. */
    static List<String> argv(Spawner.Start start, CgroupLeaf leaf, List<String> program) {
        String noise = NOISE.stream().filter(name -> !start.environment().containsKey(name))
                .collect(Collectors.joining(" "));
        List<String> argv = new ArrayList<>(List.of(SHELL, "-c",
                "{ echo $$ >\"$0\"; } 2>/dev/null || : >\"$1\"; shift; "
                        + (noise.isEmpty() ? "" : "unset " + noise + "; ") + "exec \"$@\"",
                leaf.procs().toString(),
                start.unjoined().toString()));
        argv.addAll(program);
        return argv;
    }
}
