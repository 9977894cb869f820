package dev.coxswain.supervisor.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.coxswain.supervisor.Version;
import dev.coxswain.supervisor.admin.ListenException;
import dev.coxswain.supervisor.client.AdminException;
import dev.coxswain.supervisor.config.ConfigException;
import dev.coxswain.supervisor.config.Problem;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.functions.CoderunnerException;
import dev.coxswain.supervisor.journal.JournalException;
import dev.coxswain.supervisor.register.RegisterException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import reactor.core.Exceptions;

/** The command line: {@code cox COMMAND}. */
@Command(name = "cox", mixinStandardHelpOptions = true, versionProvider = Cox.VersionLine.class, description = "One JVM, thousands of logical runners: leases jobs, keeps them alive, runs and settles them.", subcommands = {
        RunCommand.class, CheckCommand.class, StatusCommand.class, TopCommand.class, RunnersCommand.class,
        JobsCommand.class, LogsCommand.class, CancelCommand.class, PauseCommand.class, ResumeCommand.class,
        ReloadCommand.class, DrainCommand.class, RegisterCommand.class, FunctionsCommand.class, DemoCommand.class,
        SimulateCommand.class,
        DoctorCommand.class, BenchCommand.class, CompletionCommand.class, CommandLine.HelpCommand.class}, footer = {"",
                "Start with: cox demo --once"}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:clean",
                        "1:unexpected failure", "2:usage or configuration",
                        "3:the drain grace ran out, or a second signal came, and jobs were cancelled"})
public final class Cox implements Runnable {
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

    private static volatile boolean chosen;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private Cox() {}

    /** Runs one command; returns the exit code. */
    public static int run(String... args) {
        CommandLine line = line();
        String level = System.getenv("COX_LOG_LEVEL");
        if (level != null && !level.isEmpty()) {
            if (!LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
                line.getErr().println("cox: COX_LOG_LEVEL must be one of " + LEVELS + ", not " + level);
                return ExitCodes.USAGE;
            }
            choose(level);
        }
        String format = System.getenv("COX_LOG_FORMAT");
        if (format != null && !format.isEmpty()) {
            if (!LogFormat.ALL.contains(format.toLowerCase(Locale.ROOT))) {
                line.getErr().println("cox: COX_LOG_FORMAT must be one of " + LogFormat.ALL + ", not " + format);
                return ExitCodes.USAGE;
            }
            LogFormat.choose(format.toLowerCase(Locale.ROOT));
        }
        return line.execute(args);
    }

    /** The commands, with their handling of failures. */
    static CommandLine line() {
        return new CommandLine(new Cox()).setExecutionExceptionHandler(Cox::failed)
                .setParameterExceptionHandler(Cox::misused)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Quiet unless the user said otherwise: for commands whose own output is what people watch. */
    static void quietByDefault() {
        if (!chosen) {
            root().setLevel(Level.ERROR);
        }
    }

    @Option(names = "--log-level", scope = ScopeType.INHERIT, paramLabel = "LEVEL", completionCandidates = Levels.class, description = "error, warn, info, debug or trace; default: COX_LOG_LEVEL, else info")
    void logLevel(String level) {
        if (!LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
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

    private static void choose(String level) {
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

    /** Says what is wrong with the arguments, then what would be right. */
    private static int misused(CommandLine.ParameterException misuse, String[] args) {
        CommandLine line = misuse.getCommandLine();
        said(line, misuse, ExitCodes.USAGE);
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(misuse, line.getErr())) {
            line.usage(line.getErr());
        }
        return ExitCodes.USAGE;
    }

    /** What a user can mend is said in a line and is exit 2; anything else is ours, with its trace at debug. */
    static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        Throwable cause = Exceptions.unwrap(failure);
        return switch (cause) {
            case ConfigException config -> {
                for (Problem problem : config.problems()) {
                    line.getErr().println(problem);
                }
                yield ExitCodes.USAGE;
            }
            case ListenException listen -> said(line, listen, ExitCodes.USAGE);
            case JournalException journal -> said(line, journal, ExitCodes.USAGE);
            case AdminException admin -> said(line, admin,
                    admin.kind() == AdminException.Kind.USAGE ? ExitCodes.USAGE : ExitCodes.UNEXPECTED);
            case RegisterException register -> said(line, register,
                    register.kind() == RegisterException.Kind.USAGE ? ExitCodes.USAGE : ExitCodes.UNEXPECTED);
            case CoderunnerException coderunner -> said(line, coderunner,
                    coderunner.kind() == CoderunnerException.Kind.USAGE ? ExitCodes.USAGE : ExitCodes.UNEXPECTED);
            case ControlPlaneException refused -> said(line, refused, ExitCodes.UNEXPECTED);
            case CliException usage -> said(line, usage, ExitCodes.USAGE);
            default -> {
                LoggerFactory.getLogger(Cox.class).debug("unexpected failure", cause);
                line.getErr().println("cox: " + cause + " (--log-level debug shows where)");
                yield ExitCodes.UNEXPECTED;
            }
        };
    }

    private static int said(CommandLine line, Throwable what, int code) {
        line.getErr().println("cox: " + what.getMessage());
        return code;
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
