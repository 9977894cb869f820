package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A text like the logs of builds, always the same. */
final class LogText {
    private static final String[] LINES = {
            "[INFO] Compiling %d source files with javac [debug release 21] to target/classes\n",
            "npm http fetch GET 200 https://registry.npmjs.org/left-pad/-/left-pad-1.%d.0.tgz 21ms (cache hit)\n",
            "    at com.example.service.Handler.process(Handler.java:%d) ~[app.jar:1.4.2]\n",
            "2026-05-04T10:11:12.%dZ step 4/9: RUN apt-get install -y --no-install-recommends curl git\n",
            "\u001b[32mPASS\u001b[0m src/components/Button.test.tsx (%d ms)\n",
            "Downloaded from central: https://repo.maven.apache.org/maven2/org/x/y/1.%d/y.jar (1.2 MB at 8 MB/s)\n",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f%d00a08 extracting\n"};

    private LogText() {}

    /** Writes so many bytes of it. */
    static Path write(Path file, int bytes) {
        Random random = new Random(7);
        StringBuilder out = new StringBuilder(bytes + 200);
        while (out.length() < bytes) {
            out.append(LINES[random.nextInt(LINES.length)].replace("%d", Integer.toString(random.nextInt(10_000))));
        }
        try {
            return Files.write(file, Arrays.copyOf(out.toString().getBytes(StandardCharsets.UTF_8), bytes));
        } catch (IOException e) {
            throw new BenchException("the log to be written can't be made in " + file + ": " + e.getMessage(), e);
        }
    }
}
