package dev.coxswain.executors.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.WorkspaceException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an engine is asked for each exec in one container. A command's environment is that of the image, {@code HOME}, and its
 * own.
 *
 * @param container its name
 * @param root the workspace, here and in there
 * @param marks the folder of the marks, likewise
 */
record ExecForms(Engine engine, String container, Path root, Path marks) {
    /** What some shell keeps for itself and lets nobody set, or reads before it is one of ours. */
    private static final Set<String> OF_SHELLS = Set.of("UID", "EUID", "PPID", "GROUPS", "SHELLOPTS", "BASHOPTS",
            "BASHPID", "BASH_VERSINFO", "OPTIND", "LINENO", "IFS", "PWD", "OLDPWD", "SHLVL", "_", "COX_COMMAND");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** @param folder real place of the folder it runs in */
    ObjectNode run(String id, Command command, Path folder) {
        check(command);
        ObjectNode form = form(id);
        form.put("WorkingDir", folder.toString());
        ArrayNode variables = form.withArray("Env");
        variables.add("HOME=" + root).add("COX_WORKSPACE=" + root)
                .add(CommandPrograms.PROGRAM + "=" + command.argv().getFirst());
        List<String> odd = new ArrayList<>();
        new TreeMap<>(command.environment()).forEach((name, value) -> {
            if (VARIABLE.matcher(name).matches() && !OF_SHELLS.contains(name)) {
                variables.add(name + "=" + value);
            } else {
                odd.add(name + "=" + value);
            }
        });
        ArrayNode argv = program(form, CommandPrograms.RUN).add("cox");
        if (!odd.isEmpty()) {
            // no shell can pass it on: it is seen for a moment as an argument
            argv.add("env");
            odd.forEach(argv::add);
        }
        command.argv().forEach(argv::add);
        return form;
    }

    /** One of our own programs. */
    ObjectNode own(String id, String program) {
        ObjectNode form = form(id);
        form.put("WorkingDir", "/");
        program(form, program);
        return form;
    }

    private static ArrayNode program(ObjectNode form, String program) {
        return form.putArray("Cmd").add("/bin/sh").add("-c").add(program);
    }

    private ObjectNode form(String id) {
        ObjectNode form = engine.object().put("AttachStdout", true).put("AttachStderr", true);
        form.putArray("Env").add(CommandPrograms.MARKS + "=" + marks).add(CommandPrograms.BOX + "=" + container)
                .add(CommandPrograms.ID + "=" + id);
        return form;
    }

    private static void check(Command command) {
        String program = command.argv().getFirst();
        if (program.isEmpty() || program.indexOf('\0') >= 0) {
            throw new WorkspaceException("the name of the program is empty or no name");
        }
        if (command.argv().stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new WorkspaceException("cannot start " + program + ": an argument holds a NUL character");
        }
        for (Map.Entry<String, String> variable : command.environment().entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0
                    || variable.getValue().indexOf('\0') >= 0) {
                throw new WorkspaceException("a variable of the command's environment has a name or value that no "
                        + "process can be given");
            }
        }
    }
}
