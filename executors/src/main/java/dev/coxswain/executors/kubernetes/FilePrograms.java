package dev.coxswain.executors.kubernetes;

import java.util.List;

import dev.coxswain.executors.exec.Header;

/**
 * Shell programs for the files of a workspace. Each says a word first ({@link Header}): {@code ok}, or what is wrong. No link
 * out of the workspace is followed.
 */
final class FilePrograms {
    /** What they need of the image, besides a shell. */
    private static final String TOOLS = "cat dd env find grep head mkdir mv readlink rm sleep stat tr wc";
    private static final String SAY = """
            exec 3>&1
            cox_say() { printf '%s\\0' "$1" >&3; exit 0; }
            LC_ALL=C
            export LC_ALL
            umask 077
            """;
    /** Goes into the folder that stands in the arguments, making what is missing. */
    private static final String ENTER = """
            for cox_d do
              [ -e "./$cox_d" ] || [ -L "./$cox_d" ] || mkdir "./$cox_d" 2>/dev/null || [ -d "./$cox_d" ] \
                || cox_say 'cannot make a folder'
              [ -L "./$cox_d" ] || [ -d "./$cox_d" ] || cox_say 'a file is in the place of a folder'
              cd -P "./$cox_d" 2>/dev/null || cox_say 'cannot enter a folder'
              case $(pwd -P)/ in "$cox_root"/*) ;; *) cox_say outside;; esac
            done
            """;
    /** What {@code cox_p} leads to, as {@code cox_r}. */
    private static final String FIND = """
            [ -e "$cox_p" ] || cox_say none
            cox_r=$(readlink -f "$cox_p" && printf .)
            cox_r=${cox_r%?.}
            [ -e "$cox_r" ] || cox_say none
            case $cox_r in "$cox_root"|"$cox_root"/*) ;; *) cox_say outside;; esac
            """;

    private FilePrograms() {}

    /** Makes the workspace, and the folder of marks beside it. */
    static String setUp(String root, String marks) {
        return SAY + "for cox_t in " + TOOLS
                + "; do command -v \"$cox_t\" >/dev/null || cox_m=\"$cox_m $cox_t\"; done\n"
                + "[ -z \"$cox_m\" ] || cox_say \"missing$cox_m\"\n"
                + "mkdir -p " + ShellText.quote(marks) + " && mkdir " + ShellText.quote(root) + " || cox_say failed\n"
                + "cox_say ok\n";
    }

    /** Says {@code ok} and the real path below the workspace, then the content. */
    static String read(PodPaths paths, String relative, long mostBytes) {
        return begin(paths) + "cox_p=" + ShellText.quote("./" + PodPaths.normal(relative)) + "\n" + FIND + """
                [ -f "$cox_r" ] || cox_say nofile
                [ -r "$cox_r" ] || cox_say denied
                printf 'ok %s\\0' "${cox_r#"$cox_root"/}"
                """ + "head -c " + mostBytes + " \"$cox_r\"\n";
    }

    /** Reads so many bytes of its input into a new file, which takes the place of the old one when it is whole. */
    static String write(PodPaths paths, String relative, long bytes) {
        List<String> parts = PodPaths.file(relative);
        return begin(paths) + enter(parts.subList(0, parts.size() - 1)) + "cox_n="
                + ShellText.quote("./" + parts.getLast()) + "\ncox_b=" + bytes + "\n" + """
                        [ -d "$cox_n" ] && [ ! -L "$cox_n" ] && cox_say folder
                        cox_w=./.cox-write-$$
                        rm -f "$cox_w"
                        head -c "$cox_b" >"$cox_w" && [ "$(wc -c <"$cox_w")" -eq "$cox_b" ] \
                          || { rm -f "$cox_w"; cox_say 'not all of it could be stored'; }
                        [ ! -L "$cox_n" ] || rm -f "$cox_n"
                        mv -f "$cox_w" "$cox_n" || { rm -f "$cox_w"; cox_say 'cannot be put in its place'; }
                        cox_say ok
                        """;
    }

    static String folder(PodPaths paths, String relative) {
        return begin(paths) + enter(PodPaths.parts(relative)) + "cox_say ok\n";
    }

    /**
     * Says {@code ok}, then of each file and folder its type and rights (hexadecimal), its length and its path below the
     * workspace, which two slashes and a line end close: no path holds them.
     */
    static String list(PodPaths paths, String relative) {
        return begin(paths) + "cox_p=" + ShellText.quote("./" + PodPaths.normal(relative)) + "\n" + FIND + """
                [ -d "$cox_r" ] || cox_say nofolder
                printf 'ok\\0'
                cd "$cox_root"
                cox_r=.${cox_r#"$cox_root"}
                find "$cox_r" -mindepth 1 -type d -name '.*' -prune -o '(' -type f -o -type d ')' \
                  -exec stat -c '%f %s %n//' '{}' +
                exit 0
                """;
    }

    static String wipe(PodPaths paths, String relative) {
        List<String> parts = PodPaths.file(relative);
        String parent = String.join("/", parts.subList(0, parts.size() - 1));
        return begin(paths) + "cox_p=" + ShellText.quote("./" + parent) + "\n" + FIND
                + "cd -P \"$cox_r\" || cox_say none\n"
                + "cox_n=" + ShellText.quote("./" + parts.getLast()) + "\n" + """
                        [ -e "$cox_n" ] || [ -L "$cox_n" ] || cox_say ok
                        [ -L "$cox_n" ] || find "$cox_n" -type d ! -perm -700 -exec chmod u+rwx '{}' ';' 2>/dev/null
                        find "$cox_n" -type f -links 1 -exec /bin/sh -c 'for f do
                          n=$(stat -c %s "$f") && head -c "$n" /dev/zero | dd of="$f" conv=notrunc,fsync 2>/dev/null
                        done' sh '{}' + 2>/dev/null
                        rm -rf "$cox_n" 2>/dev/null
                        [ -e "$cox_n" ] || [ -L "$cox_n" ] || cox_say ok
                        cox_say 'something is left of it'
                        """;
    }

    private static String begin(PodPaths paths) {
        return SAY + "cox_root=" + ShellText.quote(paths.root())
                + "\ncd -P \"$cox_root\" 2>/dev/null || cox_say gone\n";
    }

    private static String enter(List<String> parts) {
        StringBuilder arguments = new StringBuilder("set --");
        parts.forEach(part -> arguments.append(' ').append(ShellText.quote(part)));
        return arguments.append('\n').append(ENTER).toString();
    }
}
