package dev.coxswain.executors.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.Workspace.Stop;
import dev.coxswain.executors.WorkspaceException;

/**
 * Shell programs that run one command, and stop it. A command carries {@code COX_COMMAND} in its environment, as all that it
 * starts do: that is how they are found. Only such processes are ever signalled, each by its own id.
 *
 * <p>
 * A stop leaves a mark before it looks for processes, and a command looks for that mark when it can be found already: so
 * whichever comes first, no command runs on after its stop.
 */
final class CommandPrograms {
    /** The kernel's limit of one argument or variable, less the NUL. */
    private static final int LONGEST_TEXT = (128 << 10) - 1;
    private static final int LONGEST_ALL = 1 << 20;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** What some shell keeps for itself and lets nobody set. */
    private static final Set<String> OF_SHELLS = Set.of("UID", "EUID", "PPID", "GROUPS", "SHELLOPTS", "BASHOPTS",
            "BASHPID", "BASH_VERSINFO", "OPTIND", "LINENO", "IFS");
    private static final String RUN = """
            cox_setsid=$(command -v setsid)
            exec 4>&2 2>/dev/null
            printf '%s' "$cox_order" | env -i PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" \
            ${LANG:+"LANG=$LANG"} ${TZ:+"TZ=$TZ"} COX_WORKSPACE="$cox_root" COX_COMMAND="$cox_id" \
            $cox_setsid /bin/sh -c 'eval "$(cat)"' 2>&4 4>&- &
            wait "$!"
            cox_code=$?
            cox_kill
            exit "$cox_code"
            """;
    /** In rounds, until a round finds none; a process that hangs in the kernel is waited for half a minute. */
    private static final String KILL = """
            cox_found() { grep -lsF "COX_COMMAND=$cox_id" /proc/[0-9]*/environ | tr -dc '0-9\\n'; }
            cox_kill() {
              cox_n=0
              while cox_p=$(cox_found); [ -n "$cox_p" ]; do
                kill -KILL $cox_p 2>/dev/null
                cox_n=$((cox_n + 1))
                [ "$cox_n" -gt 600 ] && return 1
                [ "$cox_n" -gt 2 ] && sleep 0.05
              done
              return 0
            }
            """;
    private static final String FAIL = "cox_fail() { printf '%s\\0' \"$1\"; exit 125; }\n";
    /** {@code $1} is the program, in the folder of the command. */
    private static final String SEARCH = """
            case $1 in
            */*)
              [ -f "$1" ] || cox_fail missing
              [ -x "$1" ] || cox_fail forbidden
              ;;
            *)
              set -f
              IFS=:
              cox_there=
              for cox_d in $cox_path; do
                [ -f "${cox_d:-.}/$1" ] && [ -x "${cox_d:-.}/$1" ] && cox_there=1
              done
              unset IFS
              set +f
              [ -n "$cox_there" ] || cox_fail missing
              ;;
            esac
            """;

    private CommandPrograms() {}

    /** @param id of the command; in this pod no other begins with it */
    static String run(Command command, PodPaths paths, String marks, String id) {
        return head(paths, marks, id) + "cox_order=" + ShellText.quote(order(command, paths, marks, id)) + "\n" + KILL
                + RUN;
    }

    static String stop(PodPaths paths, String marks, String id, Stop how) {
        String begin = head(paths, marks, id) + KILL + "{ true >\"$cox_marks/$cox_id." + how + "\"; } 2>/dev/null\n";
        return switch (how) {
            case TERM -> begin + "cox_p=$(cox_found)\n[ -z \"$cox_p\" ] || kill -TERM $cox_p 2>/dev/null\nexit 0\n";
            case KILL -> begin + "cox_kill\n";
        };
    }

    /** An empty name would fit every process there is, so it is looked at once more where it is used. */
    private static String head(PodPaths paths, String marks, String id) {
        return "cox_root=" + ShellText.quote(paths.root()) + "\ncox_marks=" + ShellText.quote(marks) + "\ncox_id="
                + ShellText.quote(id) + "\ncase $cox_id in ?*.??????) ;; *) exit 125;; esac\n";
    }

    /** What becomes the command: a program with nothing in its environment but what {@link #RUN} puts there. */
    private static String order(Command command, PodPaths paths, String marks, String id) {
        check(command);
        String program = command.argv().getFirst();
        String path = command.environment().get("PATH");
        String mark = ShellText.quote(marks + "/" + id + ".");
        StringBuilder text = new StringBuilder(FAIL)
                .append("[ -e ").append(mark).append("KILL ] && cox_fail stopped\n")
                .append("[ -e ").append(mark).append("TERM ] && cox_fail stopped\n")
                .append("cd -P ").append(ShellText.quote(paths.root())).append(" 2>/dev/null || cox_fail gone\n")
                .append("[ -d ").append(folder(command)).append(" ] || cox_fail nofolder\n")
                .append("cd -P ").append(folder(command)).append(" 2>/dev/null || cox_fail nofolder\n")
                .append("case $(pwd -P)/ in ").append(ShellText.quote(paths.root()))
                .append("/*) ;; *) cox_fail outside;; esac\n")
                .append("cox_path=").append(path == null ? "$PATH" : ShellText.quote(path)).append('\n')
                .append("set -- ").append(ShellText.quote(program)).append('\n').append(SEARCH)
                .append("unset -f cox_fail\nunset cox_d cox_there cox_path PWD OLDPWD SHLVL\n")
                .append("export HOME=").append(ShellText.quote(paths.root())).append('\n');
        StringBuilder odd = new StringBuilder();
        new TreeMap<>(command.environment()).forEach((name, value) -> {
            if (VARIABLE.matcher(name).matches() && !OF_SHELLS.contains(name)) {
                text.append("export ").append(name).append('=').append(ShellText.quote(value)).append('\n');
            } else {
                // no shell can export it: it is seen for a moment as an argument, in the pod alone
                odd.append(ShellText.quote(name + "=" + value)).append(' ');
            }
        });
        text.append("set -- ");
        command.argv().forEach(argument -> text.append(ShellText.quote(argument)).append(' '));
        text.append("\nprintf 'started\\0'\n");
        return text.append(odd.isEmpty() ? "exec" : "exec env " + odd).append(" \"$@\" </dev/null\n").toString();
    }

    private static String folder(Command command) {
        return ShellText.quote("./" + PodPaths.normal(command.directory()));
    }

    private static void check(Command command) {
        List<String> argv = command.argv();
        String program = argv.getFirst();
        if (program.isEmpty() || program.indexOf('\0') >= 0) {
            throw new WorkspaceException("the name of the program is empty or no name");
        }
        if (argv.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new WorkspaceException("cannot start " + program + ": an argument holds a NUL character");
        }
        long all = 0;
        for (String argument : argv) {
            all += length(program, argument);
        }
        for (Map.Entry<String, String> variable : command.environment().entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0
                    || variable.getValue().indexOf('\0') >= 0) {
                throw new WorkspaceException("a variable of the command's environment has a name or value that no "
                        + "process can be given");
            }
            all += length(program, name) + length(program, variable.getValue());
        }
        if (all > LONGEST_ALL) {
            throw tooLong(program);
        }
    }

    private static long length(String program, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_TEXT) {
            throw tooLong(program);
        }
        return bytes;
    }

    private static WorkspaceException tooLong(String program) {
        return new WorkspaceException("cannot start " + program + ": its arguments and variables are too long");
    }
}
