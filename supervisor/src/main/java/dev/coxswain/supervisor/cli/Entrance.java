package dev.coxswain.supervisor.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.coxswain.supervisor.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command shares: help, version, and how much is logged. Alone it knows no commands. */
@Command(name = "cox", mixinStandardHelpOptions = true, versionProvider = Entrance.VersionLine.class)
class Entrance implements Runnable {
    static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

    private static volatile boolean chosen;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Quiet unless the user said otherwise: for commands whose own output is what people watch. */
    static void quietByDefault() {
        if (!chosen) {
            root().setLevel(Level.ERROR);
        }
    }

    @Option(names = "--log-level", scope = ScopeType.INHERIT, paramLabel = "LEVEL", completionCandidates = Levels.class, description = "error, warn, info, debug or trace; default: COX_LOG_LEVEL, else info")
    void logLevel(String level) {
        if (!isLevel(level)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--log-level must be one of " + LEVELS);
        }
        choose(level);
    }

    // its own label: the bash script names a list of words by it
    @Option(names = "--log-format", scope = ScopeType.INHERIT, paramLabel = "STYLE", completionCandidates = LogForms.class, description = "text or json; default: COX_LOG_FORMAT, else text")
    void logFormat(String format) {
        if (!LogFormat.ALL.contains(format.toLowerCase(Locale.ROOT))) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--log-format must be one of "
                    + LogFormat.ALL);
        }
        LogFormat.choose(format.toLowerCase(Locale.ROOT));
    }

    static boolean isLevel(String level) {
        return LEVELS.contains(level.toLowerCase(Locale.ROOT));
    }

    static void choose(String level) {
        chosen = true;
        root().setLevel(Level.toLevel(level));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** For shells. */
    static final class Levels implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return LEVELS.iterator();
        }
    }

    /** For shells. */
    static final class LogForms implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return LogFormat.ALL.iterator();
        }
    }

    /** What {@code --version} prints. */
    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{
                    "coxswain " + Version.current() + " (Java " + System.getProperty("java.version", "unknown") + ")"};
        }
    }
}
