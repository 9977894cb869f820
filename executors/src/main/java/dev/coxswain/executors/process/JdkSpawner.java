package dev.coxswain.executors.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** With what the JDK offers on every host: its own helper, a shell that joins the control group, the program setsid. */
final class JdkSpawner implements Spawner {
    private static final Logger log = LoggerFactory.getLogger(JdkSpawner.class);
    private static final Pattern SYSTEM_WORDS = Pattern.compile("error(?:=\\d+, |: \\d+ \\()([^()\\n]+)\\)?\\s*$");
    private static final File NULL = new File("/dev/null");

    private final @Nullable String setsid;

    /** @param path where {@code setsid} is looked for, besides the usual folders */
    JdkSpawner(String path) {
        Path program = Launch.search("setsid", path + ":" + Launch.DEFAULT_PATH, Path.of("/"));
        setsid = program == null ? null : program.toString();
        if (setsid == null) {
            log.warn("no setsid program (package util-linux): commands share our session, and Ctrl-C reaches them");
        }
    }

    @Override
    public Child spawn(Start start) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv(start)).directory(start.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(NULL));
        builder.environment().clear();
        builder.environment().putAll(start.environment());
        try {
            return new JdkChild(builder.start());
        } catch (IOException e) {
            throw new IOException(reason(String.valueOf(e.getMessage())), e);
        }
    }

    /** A child of this JVM leads no process group, hence setsid does not fork. */
    private List<String> argv(Start start) {
        List<String> program = new ArrayList<>();
        if (setsid != null) {
            program.addAll(List.of(setsid, "--"));
        }
        program.addAll(start.argv());
        CgroupLeaf leaf = start.leaf();
        return leaf == null ? program : ShellJoin.argv(start, leaf, program);
    }

    /** The JDK wraps the system's words into its own (each version in others), which name our shell and not the program. */
    static String reason(String message) {
        Matcher words = SYSTEM_WORDS.matcher(message);
        return words.find() ? words.group(1) : "the system refused";
    }

    @Override
    public void close() {
        // the JDK's reaper threads are not ours
    }
}
