package io.jenkins.plugins.hardenrunner.export;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Publisher;
import hudson.tasks.Recorder;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import java.io.IOException;
import java.util.Arrays;
import jenkins.tasks.SimpleBuildStep;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Writes the findings of a build as SARIF into its workspace, where plugins that collect findings look for them and from
 * where they can be archived: {@code hardenRunnerSarif()}, after the block, or among the post-build actions.
 */
public final class SarifPublisher extends Recorder implements SimpleBuildStep {
    private static final String FILE = "harden-runner.sarif";

    private String file = FILE;

    @DataBoundConstructor
    public SarifPublisher() {}

    @NonNull
    public String getFile() {
        return file;
    }

    /** @param file relative to the workspace */
    @DataBoundSetter
    public void setFile(String file) {
        this.file = file == null || file.isBlank() ? FILE : file.strip();
    }

    @Override
    public void perform(
            @NonNull Run<?, ?> run, @NonNull FilePath workspace, @NonNull EnvVars env, @NonNull Launcher launcher, @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        if (!isInside(file)) {
            throw new AbortException("Harden Runner: '" + file + "' is no path inside of the workspace");
        }
        BuildFindings findings = new BuildFindings(run, null);
        workspace.child(file).write(findings.sarif(), "UTF-8");
        listener.getLogger().println("[harden-runner] " + file + ": " + findings.findings() + " findings of " + findings.blocks() + " blocks"
                + (findings.blocks() == 0 ? "; no hardenRunner block of this build has ended" : ""));
    }

    private static boolean isInside(String path) {
        return !path.startsWith("/") && Arrays.stream(path.split("[/\\\\]")).noneMatch(".."::equals);
    }

    /** Also for jobs that are no Pipelines. */
    @Extension
    @Symbol("hardenRunnerSarif")
    public static final class DescriptorImpl extends BuildStepDescriptor<Publisher> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SarifPublisher_displayName();
        }

        @Override
        @SuppressWarnings("rawtypes") // as the core has it
        public boolean isApplicable(Class<? extends AbstractProject> type) {
            return true;
        }

        @POST
        public FormValidation doCheckFile(@QueryParameter String value) {
            return value == null || isInside(value) ? FormValidation.ok() : FormValidation.error(Messages.SarifPublisher_outside());
        }
    }
}
