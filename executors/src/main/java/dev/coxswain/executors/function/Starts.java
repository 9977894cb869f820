package dev.coxswain.executors.function;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.Workspace;

/** How a process is started: the program of its language, its limits and its environment (contract coderunner 7 and 8). */
final class Starts {
    /** What is ours in a workspace. */
    static final String FOLDER = ".coxswain";
    /** The socket, relative to {@link #FOLDER}. */
    static final String CHANNEL = "channel";
    /** Where a payload lies that is no file of its own. */
    static final String PAYLOAD_FILE = FOLDER + "/payload.json";

    /** Python's limit counts what is asked for and not what is used: threads alone ask for 8 MiB each. */
    private static final long PYTHON_ROOM = 256L << 20;
    /** What a heap may be of all memory: 3 of 4 parts, the rest is for what is not in it. */
    private static final int PARTS = 4;
    private static final long LEAST_HEAP_MIB = 16;
    /** Standard input, a limit of the system's, then the program in the place of the shell. */
    private static final String BEGIN = "if [ -n \"$2\" ]; then ulimit -d \"$2\" 2>/dev/null; fi; "
            + "exec <\"$1\"; shift 2; exec \"$@\"";

    private static final byte[] NODE = resource("function.mjs");
    private static final byte[] PYTHON = resource("function.py");

    private Starts() {}

    private static byte[] resource(String name) {
        try (InputStream in = Starts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a process of this job is spoken to on a channel; else it is a program, and its output the result. */
    static boolean hasChannel(FunctionJob job) {
        return job.language() != Language.DOTNET_SCRIPT && job.kind() != FunctionJob.Kind.SERVICE;
    }

    /** The program that loads the code and takes calls, as a file of the workspace. */
    static String loader(FunctionJob job) {
        return FOLDER + (job.language() == Language.NODEJS ? "/function.mjs" : "/function.py");
    }

    /** What is in it. */
    static byte[] loaderBytes(FunctionJob job) {
        return job.language() == Language.NODEJS ? NODE : PYTHON;
    }

    /** The file that the code finds its payload in, absolute. */
    static String payloadFile(FunctionJob job, Workspace workspace) {
        return job.payloadFile() == null ? workspace.pathOf(PAYLOAD_FILE) : job.payloadFile().toString();
    }

    /** The command of a process for this job. */
    static Command command(FunctionJob job, LanguageRuntime runtime, Workspace workspace) {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", BEGIN, "sh",
                job.kind() == FunctionJob.Kind.SERVICE ? "/dev/null" : payloadFile(job, workspace), dataLimit(job)));
        argv.addAll(runtime.command());
        if (job.language() == Language.NODEJS && job.memoryBytes() > 0) {
            argv.add("--max-old-space-size=" + Math.max(LEAST_HEAP_MIB, heap(job) >> 20));
        }
        if (hasChannel(job)) {
            argv.add(workspace.pathOf(loader(job)));
        }
        argv.add(job.file().toString());
        return new Command(argv, environment(job, workspace), "", null, Command.DEFAULT_GRACE,
                new Limits(job.cpuMillis(), job.memoryBytes(), 0), reads(job));
    }

    private static long heap(FunctionJob job) {
        return job.memoryBytes() / PARTS * (PARTS - 1);
    }

    /** In KiB, as the shell wants it; empty for none. */
    private static String dataLimit(FunctionJob job) {
        return job.language() == Language.PYTHON && job.memoryBytes() > 0
                ? Long.toString((job.memoryBytes() + PYTHON_ROOM) >> 10)
                : "";
    }

    private static List<Path> reads(FunctionJob job) {
        Path payload = job.payloadFile();
        return payload == null ? List.of(job.code()) : List.of(job.code(), payload);
    }

    private static Map<String, String> environment(FunctionJob job, Workspace workspace) {
        Map<String, String> environment = new HashMap<>(job.variables());
        environment.put("LANG", "C.UTF-8");
        environment.put("TZ", "UTC");
        environment.put("CODERUNNER_PAYLOAD_FILE", payloadFile(job, workspace));
        switch (job.language()) {
            case NODEJS -> {
                // all that it needs stands in its arguments
            }
            case PYTHON -> environment.putAll(Map.of("PYTHONUNBUFFERED", "1", "PYTHONUTF8", "1",
                    "PYTHONDONTWRITEBYTECODE", "1", "PYTHONPATH",
                    job.code().resolve(FunctionCode.DEPENDENCIES).toString()));
            case DOTNET_SCRIPT -> {
                environment.putAll(Map.of("DOTNET_NOLOGO", "1", "DOTNET_CLI_TELEMETRY_OPTOUT", "1",
                        "DOTNET_CLI_HOME", workspace.pathOf("")));
                if (job.memoryBytes() > 0) {
                    environment.put("DOTNET_GCHeapHardLimit", "0x" + Long.toHexString(heap(job)));
                }
            }
        }
        return environment;
    }
}
