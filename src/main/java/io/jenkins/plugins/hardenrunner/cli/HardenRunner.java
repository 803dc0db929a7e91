package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point. */
@Command(
        name = "harden-runner",
        description = "Runs a command under an egress and file policy, records what it does, and reads the records.",
        mixinStandardHelpOptions = true,
        versionProvider = HardenRunner.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ReportCommand.class,
            DiffCommand.class,
            RecommendCommand.class,
            VerifyCommand.class,
            PolicyCommand.class,
        })
public final class HardenRunner {
    private HardenRunner() {}

    /** Runs the program and ends the JVM with its exit status. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs the program and returns its exit status. */
    static int execute(String... args) {
        CommandLine line = new CommandLine(new HardenRunner());
        line.setExpandAtFiles(false); // @file is an argument like any other
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(HardenRunner::usage);
        line.setExecutionExceptionHandler(HardenRunner::failed);
        CommandLine run = line.getSubcommands().get("run");
        // From the command's name on nothing is ours: harden-runner run ls -l
        run.setStopAtPositional(true);
        if (args.length == 0) {
            line.usage(System.err);
            return ExitCode.TROUBLE;
        }
        return line.execute(args);
    }

    private static int usage(CommandLine.ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("harden-runner: " + e.getMessage() + " (see '" + line.getCommandSpec().qualifiedName() + " --help')");
        err.flush();
        return line.getCommandName().equals("run") ? ExitCode.NOT_STARTED : ExitCode.TROUBLE;
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult result) {
        int code = line.getCommandName().equals("run") ? ExitCode.NOT_STARTED : ExitCode.TROUBLE;
        if (e instanceof CliException known) {
            code = known.exitCode();
        } else if (!(e instanceof PolicyException || e instanceof IOException)) {
            // A defect, or no memory. Its status must not be 1, which is an answer.
            e.printStackTrace(line.getErr());
        }
        line.getErr().println("harden-runner: " + oneLine(e));
        line.getErr().flush();
        return code;
    }

    private static String oneLine(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String kind = e instanceof NoSuchFileException ? "no such file: "
                : e instanceof AccessDeniedException ? "access denied: " : "";
        return kind + message.replace('\n', ' ');
    }

    /** The version of this build. */
    static String version() {
        String version = HardenRunner.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"harden-runner " + version()};
        }
    }
}
