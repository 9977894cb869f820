package dev.coxswain.executors.container;

/**
 * Shell programs for a container: the one that waits, the one that runs a command, those that stop one and look after it. None
 * of them holds a word of a job's: arguments are arguments, variables are variables.
 *
 * <p>
 * A job has its container to itself, and nearly always runs one command at a time. Then all that is alive but the first
 * process, its {@code sleep} and the asking shell was started by the command, and one signal to everything reaches all of it
 * at once, whatever it did to hide. That the container is ours is read from the first process, never assumed: an engine may
 * have been told to show a container the processes of its host. There, and where commands run at the same time, a command is
 * known by {@code COX_COMMAND} in its environment, and each process is signalled by its own id.
 *
 * <p>
 * A stop leaves a mark before it looks for processes, and a command looks for that mark when it can be found already: so
 * whichever comes first, no command runs on after its stop.
 */
final class CommandPrograms {
    /** Where the marks are. */
    static final String MARKS = "cox_marks";
    /** The name of the container, as its first process has it. */
    static final String BOX = "cox_box";
    /** The name of the command. */
    static final String ID = "cox_id";
    /** What is looked for before it is run. */
    static final String PROGRAM = "cox_program";
    /** The mark of a workspace in which commands ran at the same time. */
    static final String SHARED = "shared";

    private static final String SLEEP = "2147483";
    /** Reaps what is left to it. */
    private static final String IDLE = "trap exit TERM; while :; do sleep " + SLEEP + " & wait; done # ";
    private static final String LEFT = """
            cox_alone() {
              [ -e "$cox_marks/shared" ] && return 1
              cox_c=
              read -r cox_c </proc/1/cmdline
              case $cox_c in *"# $cox_box"*) return 0;; esac
              return 1
            }
            cox_left() {
              if cox_alone; then
                for cox_p in /proc/[0-9]*; do
                  case ${cox_p#/proc/} in 1|"$$") continue;; esac
                  read -r cox_c <"$cox_p/stat" || continue
                  case ${cox_c##*") "} in [ZX]*) continue;; esac
                  cox_c=
                  read -r cox_c <"$cox_p/cmdline"
                  case $cox_c in sleep%1$s|*"# $cox_box"*) continue;; esac
                  cox_pids=-1
                  return 0
                done
                return 1
              fi
              cox_pids=
              for cox_p in $(grep -lsF "COX_COMMAND=$cox_id" /proc/[0-9]*/environ); do
                cox_p=${cox_p#/proc/}
                cox_pids="$cox_pids ${cox_p%%/*}"
              done
              [ -n "$cox_pids" ]
            }
            cox_end() {
              cox_n=0
              while cox_left; do
                kill -KILL $cox_pids
                cox_n=$((cox_n + 1))
                [ "$cox_n" -gt 600 ] && return 1
                [ "$cox_n" -gt 2 ] && sleep 0.05
              done
              return 0
            }
            case $cox_id in ?*.??????) ;; *) exit 125;; esac
            """.formatted(SLEEP);
    /** What becomes the command. */
    private static final String BEGIN = """
            cox_fail() { printf '%s\\0' "$1"; exit 125; }
            [ -e "$cox_marks/$cox_id.KILL" ] && cox_fail stopped
            [ -e "$cox_marks/$cox_id.TERM" ] && cox_fail stopped
            case $cox_program in
            */*)
              [ -f "$cox_program" ] || cox_fail missing
              [ -x "$cox_program" ] || cox_fail forbidden
              ;;
            *)
              set -f
              IFS=:
              cox_there=
              for cox_d in $PATH; do
                [ -f "${cox_d:-.}/$cox_program" ] && [ -x "${cox_d:-.}/$cox_program" ] && cox_there=1
              done
              unset IFS
              set +f
              [ -n "$cox_there" ] || cox_fail missing
              ;;
            esac
            unset -f cox_fail
            unset cox_d cox_there cox_marks cox_box cox_id cox_program OLDPWD SHLVL
            printf 'started\\0'
            exec "$@" </dev/null
            """;
    private static final String RUN_TAIL = """
            trap : TERM
            cox_setsid=$(command -v setsid)
            exec 4>&2 2>/dev/null
            COX_COMMAND="$cox_id" $cox_setsid /bin/sh -c "$cox_begin" cox "$@" 2>&4 4>&-
            cox_code=$?
            cox_end
            exit "$cox_code"
            """;

    /** In a shell's foreground, so that it takes INT and QUIT as any program does. Its arguments are the command. */
    static final String RUN = LEFT + "cox_begin=" + quote(BEGIN) + "\n" + RUN_TAIL;

    static final String TERM = "exec 2>/dev/null\n" + LEFT
            + "cox_left && kill -TERM $cox_pids\nexit 0\n";

    static final String KILL = "exec 2>/dev/null\n" + LEFT + "cox_end\n";

    /** Ends what is left of a command, and prints how many processes the kernel has killed here for want of memory. */
    static final String AFTER = "exec 2>/dev/null\n" + LEFT + """
            cox_end
            for cox_f in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
              [ -r "$cox_f" ] && while read -r cox_k cox_v; do
                [ "$cox_k" = oom_kill ] && echo "$cox_v"
              done <"$cox_f"
            done
            exit 0
            """;

    private CommandPrograms() {}

    /** The first process of a container. */
    static String idle(String container) {
        return IDLE + container;
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
