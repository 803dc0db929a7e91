package io.jenkins.plugins.hardenrunner.wrapper;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Node;
import hudson.model.Result;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.BlockEnd;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.collect.Outcome;
import io.jenkins.plugins.hardenrunner.config.BlockSpecs;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.launch.HardenedLauncher;
import io.jenkins.plugins.hardenrunner.launch.Supervision;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import java.io.IOException;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * Supervises the build steps of freestyle and matrix builds.
 *
 * <p>Deliberately not a {@code SimpleBuildWrapper}: Pipeline would take that as {@code wrap([$class: …])}, which
 * ignores {@link #decorateLauncher}, and the block would look hardened while nothing in it is supervised.
 */
public final class HardenRunnerBuildWrapper extends BuildWrapper {
    private HardenRunnerStep settings;

    /** @param settings the parameters, which are those of the step */
    @DataBoundConstructor
    public HardenRunnerBuildWrapper(@CheckForNull HardenRunnerStep settings) {
        this.settings = settings == null ? new HardenRunnerStep() : settings;
    }

    private Object readResolve() {
        if (settings == null) {
            settings = new HardenRunnerStep(); // a config.xml that somebody wrote by hand
        }
        return this;
    }

    @NonNull
    public HardenRunnerStep getSettings() {
        return settings;
    }

    /** Called before there is a workspace; what is launched before {@link #setUp} passes through. */
    @Override
    public Launcher decorateLauncher(
            @SuppressWarnings("rawtypes") AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException {
        Node node = build.getBuiltOn();
        if (node == null) {
            throw new AbortException("Harden Runner: the agent of this build was removed");
        }
        return new HardenedLauncher(launcher, node, BuildBlock.of(build));
    }

    @Override
    public Environment setUp(
            @SuppressWarnings("rawtypes") AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        AbstractBuild<?, ?> run = build;
        OpenBlock block = OpenBlocks.open(run, BlockSpecs.create(run, settings.layer(), null, settings.getName(), null));
        listener.getLogger().println("[harden-runner] " + BlockSpecs.describe(block.spec()));
        block.beside("checkout", "it comes before the build steps");
        block.beside("post-build actions", "they come after the build steps");
        try {
            prepare(run, block, launcher, listener);
        } catch (IOException | InterruptedException | RuntimeException e) {
            block.incomplete("the whole block", "it was not entered: " + e.getMessage());
            new BlockEnd(block, listener, null).finish();
            throw e;
        }
        BuildBlock.of(run).enter(block);
        return new Block(block);
    }

    private static void prepare(AbstractBuild<?, ?> build, OpenBlock block, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        FilePath workspace = build.getWorkspace();
        Node node = build.getBuiltOn();
        if (workspace == null || node == null) {
            throw new AbortException("Harden Runner: the agent of this build was disconnected");
        }
        new Supervision(block, launcher, node, listener)
                .prepare(Util.mapToEnv(build.getEnvironment(listener)), workspace);
    }

    /** Returns whether the build may succeed. */
    private static boolean judge(AbstractBuild<?, ?> build, OpenBlock block, Report report, BuildListener listener) {
        Outcome outcome = Outcome.of(block.spec().policy(), report);
        switch (outcome.effect()) {
            case FAIL -> {
                listener.error(outcome.message());
                return false;
            }
            case UNSTABLE -> {
                listener.error(outcome.message());
                build.setResult(Result.UNSTABLE);
            }
            case WARN -> listener.getLogger().println("[harden-runner] warning: " + outcome.message());
            case NONE -> {}
        }
        return true;
    }

    private final class Block extends Environment {
        private final OpenBlock block;

        Block(@NonNull OpenBlock block) {
            this.block = block;
        }

        @Override
        public boolean tearDown(@SuppressWarnings("rawtypes") AbstractBuild build, BuildListener listener)
                throws IOException, InterruptedException {
            AbstractBuild<?, ?> run = build;
            BuildBlock.of(run).leave();
            return judge(run, block, new BlockEnd(block, listener, null).finish(), listener);
        }
    }

    /** Describes the wrapper. */
    @Extension
    @Symbol("hardenRunner")
    public static final class DescriptorImpl extends BuildWrapperDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.HardenRunnerBuildWrapper_displayName();
        }

        @Override
        public boolean isApplicable(AbstractProject<?, ?> item) {
            return true;
        }
    }
}
