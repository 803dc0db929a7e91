package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.scm.ChangeLogParser;
import hudson.scm.NullChangeLogParser;
import hudson.scm.SCM;
import hudson.scm.SCMDescriptor;
import hudson.scm.SCMRevisionState;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.jvnet.hudson.test.TestExtension;

/** Checks out as the git plugin does: git itself, called by Jenkins on the agent; a fetch, then a detached checkout. */
public final class GitCheckout extends SCM {
    private final String url;

    GitCheckout(String url) {
        this.url = url;
    }

    @Override
    public void checkout(Run<?, ?> build, Launcher launcher, FilePath workspace, TaskListener listener, File changelogFile,
            SCMRevisionState baseline) throws IOException, InterruptedException {
        workspace.mkdirs();
        List<List<String>> commands = List.of(
                List.of("git", "init", "-q", "."),
                List.of("git", "fetch", "-q", "--no-tags", "--force", url, "+refs/heads/*:refs/remotes/origin/*"),
                List.of("git", "checkout", "-q", "-f", "--detach", "refs/remotes/origin/main"));
        for (List<String> command : commands) {
            if (launcher.launch().cmds(command).pwd(workspace).stdout(listener).join() != 0) {
                throw new AbortException(String.join(" ", command) + " failed");
            }
        }
    }

    @Override
    public SCMRevisionState calcRevisionsFromBuild(Run<?, ?> build, FilePath workspace, Launcher launcher, TaskListener listener) {
        return SCMRevisionState.NONE;
    }

    @Override
    public boolean requiresWorkspaceForPolling() {
        return false;
    }

    @Override
    public ChangeLogParser createChangeLogParser() {
        return NullChangeLogParser.INSTANCE;
    }

    /** Its kind of checkout. */
    @TestExtension
    public static final class DescriptorImpl extends SCMDescriptor<GitCheckout> {
        public DescriptorImpl() {
            super(GitCheckout.class, null);
        }

        @Override
        public String getDisplayName() {
            return "git for tests";
        }
    }
}
