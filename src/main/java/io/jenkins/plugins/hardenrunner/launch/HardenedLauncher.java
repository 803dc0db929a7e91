package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.Util;
import hudson.model.Node;
import hudson.model.Run;
import hudson.remoting.Channel;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.engine.container.DockerCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jenkins.tasks.filters.EnvVarsFilterableBuilder;

/** Starts each command under the helper. What it cannot supervise it refuses or reports, as the block's policy says. */
public final class HardenedLauncher extends Launcher.DecoratedLauncher {
    private final Node node;
    private final BlockSource source;

    /**
     * @param inner the launcher beneath, on {@code node}
     * @param source says for each command which block it belongs to
     */
    public HardenedLauncher(@NonNull Launcher inner, @NonNull Node node, @NonNull BlockSource source) {
        super(inner);
        this.node = node;
        this.source = source;
    }

    @Override
    public Proc launch(@NonNull ProcStarter starter) throws IOException {
        LauncherTrace.check(starter.cmds());
        if (InnerLaunch.supervises(starter.cmds())) {
            admit();
            return getInner().launch(starter);
        }
        String[] environment = starter.envs();
        starter.envs(LaunchPlan.withoutOurs(environment));
        CommandLine line = new CommandLine(starter.cmds(), starter.masks());
        DockerCommand docker = DockerCommand.parse(line.words());
        if (docker.kind() != DockerCommand.Kind.OTHER) {
            line = line.withoutOurs(docker.kind() == DockerCommand.Kind.EXEC ? docker.commandAt() : line.words().size());
            starter.cmds(line.words()).masks(line.masks());
        }
        OpenBlock block = source.block();
        Supervision.Armed armed = block == null ? null : arm(
                block, environment, starter.pwd(), line.words(), LaunchPlan.ending(environment, line.words()));
        if (armed == null) {
            return getInner().launch(starter);
        }
        if (!starter.quiet()) {
            // The log shows the command that the user wrote, as it would without us.
            maskedPrintCommandLine(starter.cmds(), starter.masks(), starter.pwd());
            starter.quiet(true);
        }
        CommandLine supervised = line.insert(armed.prefix(), armed.at());
        starter.cmds(supervised.words()).masks(supervised.masks());
        Proc proc;
        try {
            proc = InnerLaunch.during(block, CommandLine.escape(armed.prefix()), () -> getInner().launch(starter));
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted while launching").initCause(e);
        }
        block.started(armed.launch(), proc);
        return proc;
    }

    // DecoratedLauncher hands the deprecated overloads straight to its inner launcher, past launch(ProcStarter).

    @Deprecated
    @Override
    public Proc launch(
            String[] cmd, boolean[] mask, String[] env, InputStream in, OutputStream out, FilePath workDir)
            throws IOException {
        return launch(launch().cmds(cmd).masks(mask).envs(env).stdin(in).stdout(out).pwd(workDir));
    }

    @Deprecated
    @Override
    public Proc launch(String[] cmd, String[] env, InputStream in, OutputStream out, FilePath workDir)
            throws IOException {
        return launch(launch().cmds(cmd).envs(env).stdin(in).stdout(out).pwd(workDir));
    }

    @Override
    public Channel launchChannel(
            @NonNull String[] cmd,
            @NonNull OutputStream out,
            @CheckForNull FilePath workDir,
            @NonNull Map<String, String> envVars)
            throws IOException, InterruptedException {
        if (InnerLaunch.supervises(Arrays.asList(cmd))) {
            admit();
            return super.launchChannel(cmd, out, workDir, envVars);
        }
        OpenBlock block = source.block();
        Supervision.Armed armed =
                block == null ? null : arm(block, Util.mapToEnv(envVars), workDir, Arrays.asList(cmd), List.of());
        if (armed == null) {
            return super.launchChannel(cmd, out, workDir, envVars);
        }
        // Unlike launch(), launchChannel() expands no variables, so the prefix is not escaped here.
        List<String> argv = new ArrayList<>(Arrays.asList(cmd));
        argv.addAll(armed.at(), armed.prefix());
        return InnerLaunch.during(block, armed.prefix(),
                () -> super.launchChannel(argv.toArray(new String[0]), out, workDir, envVars));
    }

    /** Without this an administrator's environment filters would be kept by the decorator and never applied. */
    @Override
    public void prepareFilterRules(@CheckForNull Run<?, ?> run, @NonNull EnvVarsFilterableBuilder builder) {
        getInner().prepareFilterRules(run, builder);
    }

    private void admit() throws AbortException {
        OpenBlock inner = InnerLaunch.block();
        if (inner != null) {
            source.admit(inner);
        }
    }

    @CheckForNull
    private Supervision.Armed arm(
            OpenBlock block,
            String[] environment,
            @CheckForNull FilePath workDir,
            List<String> command,
            List<String> ending)
            throws IOException {
        try {
            return new Supervision(block, getInner(), node, listener)
                    .arm(environment, workDir, command, source.sensitiveVariables(), ending);
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted while preparing supervision").initCause(e);
        }
    }
}
