package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.launch.HardenedLauncher;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.DynamicContext;

/**
 * Puts {@link HardenedLauncher} directly around an agent's launcher, beneath whatever a job decorates it with. Steps
 * and builds need different ways to it: neither way knows the build of the other.
 */
final class ObservedLaunchers {
    private ObservedLaunchers() {}

    /** For steps of Pipelines. */
    @Extension
    public static final class OfSteps extends DynamicContext.Typed<Launcher> {
        @NonNull
        @Override
        protected Class<Launcher> type() {
            return Launcher.class;
        }

        /** The launcher to which the decorators of the blocks around a step are applied afterwards. */
        @CheckForNull
        @Override
        protected Launcher get(@NonNull DelegatedContext context) throws IOException, InterruptedException {
            Run<?, ?> run = context.get(Run.class);
            Node node = run == null ? null : context.get(Node.class);
            ObservedBuild observed = node == null ? null : ObservedBuild.of(run, node);
            TaskListener listener = observed == null ? null : context.get(TaskListener.class);
            return listener == null ? null : new HardenedLauncher(node.createLauncher(listener), node, observed);
        }
    }

    /** For freestyle builds and their like, which make their launcher on the thread of their executor. */
    @Extension
    public static final class OfBuilds extends LauncherDecorator {
        @NonNull
        @Override
        public Launcher decorate(@NonNull Launcher launcher, @NonNull Node node) {
            Executor executor = Executor.currentExecutor();
            if (executor == null || !(executor.getCurrentExecutable() instanceof AbstractBuild<?, ?> build)) {
                return launcher;
            }
            ObservedBuild observed = ObservedBuild.of(build, node);
            return observed == null ? launcher : new HardenedLauncher(launcher, node, observed);
        }
    }
}
