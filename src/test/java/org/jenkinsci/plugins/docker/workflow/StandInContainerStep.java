package org.jenkinsci.plugins.docker.workflow;

import hudson.Extension;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.Node;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * Decorates launchers with the command lines that Docker Pipeline's {@code withDockerContainer} makes. It stands in
 * that plugin's package because launchers are known by it.
 */
public final class StandInContainerStep extends Step {
    private final String docker;
    private final boolean oldClient;

    @DataBoundConstructor
    public StandInContainerStep(String docker, boolean oldClient) {
        this.docker = docker;
        this.oldClient = oldClient;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, new Decorator(docker, oldClient));
    }

    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1L;
        private final Decorator decorator;

        Execution(StepContext context, Decorator decorator) {
            super(context);
            this.decorator = decorator;
        }

        @Override
        public boolean start() throws Exception {
            StepContext context = getContext();
            if (!decorator.docker.isEmpty()) {
                context.get(Launcher.class).launch().cmds(decorator.docker, "run", "-t", "-d", "image", "cat").quiet(true).join();
            }
            context.newBodyInvoker()
                    .withContext(BodyInvoker.mergeLauncherDecorators(context.get(LauncherDecorator.class), decorator))
                    .withCallback(BodyExecutionCallback.wrap(context))
                    .start();
            return false;
        }
    }

    /** As that plugin's own. */
    public static final class Decorator extends LauncherDecorator implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String docker;
        private final boolean oldClient;

        public Decorator(String docker, boolean oldClient) {
            this.docker = docker;
            this.oldClient = oldClient;
        }

        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            return new Launcher.DecoratedLauncher(launcher) {
                @Override
                public Proc launch(ProcStarter starter) throws IOException {
                    List<String> words = new ArrayList<>(List.of(docker, "exec"));
                    List<String> variables = Arrays.stream(starter.envs())
                            .filter(entry -> !entry.startsWith("PATH=") && !entry.startsWith("="))
                            .toList();
                    if (oldClient) {
                        words.addAll(List.of("c1", "env"));
                        words.addAll(variables);
                    } else {
                        variables.forEach(entry -> words.addAll(List.of("--env", entry)));
                        words.add("c1");
                    }
                    boolean[] masks = new boolean[words.size() + starter.cmds().size()];
                    words.addAll(starter.cmds());
                    return super.launch(starter.cmds(words).masks(masks));
                }
            };
        }
    }

    /** Describes it. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Launcher.class, TaskListener.class);
        }

        @Override
        public String getFunctionName() {
            return "standInContainer";
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }
    }
}
