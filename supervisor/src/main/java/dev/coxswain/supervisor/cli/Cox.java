package dev.coxswain.supervisor.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Locale;

import org.slf4j.LoggerFactory;

import dev.coxswain.executors.WorkspaceException;
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
import reactor.core.Exceptions;

/** The command line: {@code cox COMMAND}. */
@Command(name = "cox", description = "One JVM, thousands of logical runners: leases jobs, keeps them alive, runs and settles them.", subcommands = {
        RunCommand.class, CheckCommand.class, StatusCommand.class, TopCommand.class, RunnersCommand.class,
        JobsCommand.class, LogsCommand.class, CancelCommand.class, PauseCommand.class, ResumeCommand.class,
        ReloadCommand.class, DrainCommand.class, RegisterCommand.class, FunctionsCommand.class, DemoCommand.class,
        SimulateCommand.class,
        DoctorCommand.class, BenchCommand.class, CompletionCommand.class, CommandLine.HelpCommand.class}, footer = {"",
                "Start with: cox demo --once"}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:clean",
                        "1:unexpected failure", "2:usage or configuration",
                        "3:the drain grace ran out, or a second signal came, and jobs were cancelled"})
public final class Cox extends Entrance {
    private Cox() {}

    /** Runs one command; returns the exit code. */
    public static int run(String... args) {
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, System.err.charset()), true);
        String level = System.getenv("COX_LOG_LEVEL");
        if (level != null && !level.isEmpty()) {
            if (!isLevel(level)) {
                err.println("cox: COX_LOG_LEVEL must be one of " + LEVELS + ", not " + level);
                return ExitCodes.USAGE;
            }
            choose(level);
        }
        String format = System.getenv("COX_LOG_FORMAT");
        if (format != null && !format.isEmpty()) {
            if (!LogFormat.ALL.contains(format.toLowerCase(Locale.ROOT))) {
                err.println("cox: COX_LOG_FORMAT must be one of " + LogFormat.ALL + ", not " + format);
                return ExitCodes.USAGE;
            }
            LogFormat.choose(format.toLowerCase(Locale.ROOT));
        }
        return PlainRun.of(args).map(plain -> plain.run(err)).orElseGet(() -> line().execute(args));
    }

    /** The commands, with their handling of failures. */
    static CommandLine line() {
        return handled(new CommandLine(new Cox()));
    }

    private static CommandLine handled(CommandLine line) {
        return line.setExecutionExceptionHandler(Cox::failed).setParameterExceptionHandler(Cox::misused)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Says what is wrong with the arguments, then what would be right. */
    private static int misused(CommandLine.ParameterException misuse, String[] args) {
        CommandLine line = misuse.getCommandLine();
        said(line.getErr(), misuse, ExitCodes.USAGE);
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(misuse, line.getErr())) {
            line.usage(line.getErr());
        }
        return ExitCodes.USAGE;
    }

    static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        return failed(failure, line.getErr());
    }

    /** What a user can mend is said in a line and is exit 2; anything else is ours, with its trace at debug. */
    static int failed(Exception failure, PrintWriter err) {
        Throwable cause = Exceptions.unwrap(failure);
        return switch (cause) {
            case ConfigException config -> {
                for (Problem problem : config.problems()) {
                    err.println(problem);
                }
                yield ExitCodes.USAGE;
            }
            case ListenException listen -> said(err, listen, ExitCodes.USAGE);
            // of a running job it would not come up to here
            case WorkspaceException host -> said(err, host, ExitCodes.USAGE);
            case JournalException journal -> said(err, journal, ExitCodes.USAGE);
            case AdminException admin -> said(err, admin,
                    admin.kind() == AdminException.Kind.USAGE ? ExitCodes.USAGE : ExitCodes.UNEXPECTED);
            case RegisterException register -> said(err, register,
                    register.kind() == RegisterException.Kind.USAGE ? ExitCodes.USAGE : ExitCodes.UNEXPECTED);
            case CoderunnerException coderunner -> said(err, coderunner,
                    coderunner.kind() == CoderunnerException.Kind.USAGE ? ExitCodes.USAGE : ExitCodes.UNEXPECTED);
            case ControlPlaneException refused -> said(err, refused, ExitCodes.UNEXPECTED);
            case CliException usage -> said(err, usage, ExitCodes.USAGE);
            default -> {
                LoggerFactory.getLogger(Cox.class).debug("unexpected failure", cause);
                err.println("cox: " + cause + " (--log-level debug shows where)");
                yield ExitCodes.UNEXPECTED;
            }
        };
    }

    private static int said(PrintWriter err, Throwable what, int code) {
        err.println("cox: " + what.getMessage());
        return code;
    }
}
