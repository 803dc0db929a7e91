package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.Extension;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.tasks.BuildStepMonitor;
import hudson.tasks.Publisher;
import hudson.tasks.Recorder;
import java.io.IOException;

/** A post-build action that runs a command. */
public final class LaunchingPublisher extends Recorder {
    private final String command;

    LaunchingPublisher(String command) {
        this.command = command;
    }

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        return launcher.launch().cmds("sh", "-c", command).stdout(listener).pwd(build.getWorkspace()).join() == 0;
    }

    @Override
    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.NONE;
    }

    /** Jenkins wants one. */
    @Extension
    public static final class DescriptorImpl extends hudson.tasks.BuildStepDescriptor<Publisher> {
        @Override
        public boolean isApplicable(@SuppressWarnings("rawtypes") Class<? extends hudson.model.AbstractProject> type) {
            return true;
        }
    }
}
