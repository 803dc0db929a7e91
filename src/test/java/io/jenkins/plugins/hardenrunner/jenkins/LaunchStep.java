package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Starts a command and waits for it, without the shell wrapper of {@code sh}. */
public final class LaunchStep extends Step {
    private final String script;
    private String program = "";

    @DataBoundConstructor
    public LaunchStep(String script) {
        this.script = script;
    }

    @DataBoundSetter
    public void setProgram(String program) {
        this.program = program;
    }

    public String getScript() {
        return script;
    }

    public String getProgram() {
        return program;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, program.isEmpty() ? new String[] {"sh", "-c", script} : new String[] {program, script});
    }

    private static final class Execution extends SynchronousNonBlockingStepExecution<Void> {
        private static final long serialVersionUID = 1L;
        private final transient String[] command;

        Execution(StepContext context, String[] command) {
            super(context);
            this.command = command;
        }

        @Override
        protected Void run() throws Exception {
            StepContext context = getContext();
            int status = context.get(Launcher.class)
                    .launch()
                    .cmds(command)
                    .envs(context.get(EnvVars.class))
                    .pwd(context.get(FilePath.class))
                    .stdout(context.get(TaskListener.class))
                    .join();
            if (status != 0) {
                throw new AbortException("exit status " + status);
            }
            return null;
        }
    }

    /** Describes it. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Launcher.class, FilePath.class, EnvVars.class, TaskListener.class);
        }

        @Override
        public String getFunctionName() {
            return "launch";
        }
    }
}
