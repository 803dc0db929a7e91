package io.jenkins.plugins.hardenrunner.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Util;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.collect.BlockEnd;
import io.jenkins.plugins.hardenrunner.collect.BlockSpec;
import io.jenkins.plugins.hardenrunner.collect.FlowMarks;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.collect.Outcome;
import io.jenkins.plugins.hardenrunner.config.BlockSpecs;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.launch.HardenDecorator;
import io.jenkins.plugins.hardenrunner.launch.Supervision;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.GeneralNonBlockingStepExecution;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Runs a block: decides its policy, prepares the agent if there is one already, and reports at the end. */
final class HardenRunnerExecution extends GeneralNonBlockingStepExecution {
    private static final long serialVersionUID = 1L;

    private final transient HardenRunnerStep step;
    private HardenScope scope;
    private BodyExecution body;

    HardenRunnerExecution(@NonNull StepContext context, @NonNull HardenRunnerStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() {
        run(this::enter);
        return false;
    }

    private void enter() throws Exception {
        StepContext context = getContext();
        Run<?, ?> run = context.get(Run.class);
        FlowNode node = context.get(FlowNode.class);
        BlockSpec spec = BlockSpecs.create(run, step.layer(), node.getId(), BlockNames.of(step.getName(), node), outer());
        OpenBlock block = OpenBlocks.open(run, spec);
        scope = new HardenScope(run.getExternalizableId(), block.id());
        try {
            announce(block);
            prepare(block);
        } catch (Exception e) {
            block.incomplete("the whole block", "it was not entered: " + e.getMessage());
            end(block);
            throw e;
        }
        LauncherDecorator decorator = BodyInvoker.mergeLauncherDecorators(
                context.get(LauncherDecorator.class), new HardenDecorator(scope.getRunId(), scope.getBlockId()));
        body = context.newBodyInvoker().withContexts(scope, decorator).withCallback(new Callback()).start();
        block.onCancel(body::cancel);
    }

    /** What was decided for the block around this one; null if there is none. */
    @CheckForNull
    private BlockSpec outer() throws IOException, InterruptedException {
        HardenScope around = getContext().get(HardenScope.class);
        if (around == null) {
            return null;
        }
        OpenBlock block = OpenBlocks.find(around.getRunId(), around.getBlockId());
        if (block == null) {
            throw new AbortException("Harden Runner: the block around this one has ended already");
        }
        return block.spec();
    }

    private void announce(OpenBlock block) throws IOException, InterruptedException {
        getContext().get(TaskListener.class).getLogger().println("[harden-runner] " + BlockSpecs.describe(block.spec()));
    }

    /** Outside {@code node} there is nothing to prepare; each launch sees to itself then. */
    private void prepare(OpenBlock block) throws IOException, InterruptedException {
        StepContext context = getContext();
        Launcher launcher = context.get(Launcher.class);
        FilePath workspace = context.get(FilePath.class);
        Node node = context.get(Node.class);
        EnvVars environment = context.get(EnvVars.class);
        if (launcher != null && workspace != null && node != null && environment != null) {
            new Supervision(block, launcher, node, context.get(TaskListener.class))
                    .prepare(Util.mapToEnv(environment), workspace);
        } else {
            // What looks like the stage's own may be around its agent: so do the options of a Declarative stage.
            context.get(TaskListener.class).getLogger().println("[harden-runner] This block stands outside of an agent,"
                    + " as options of a Declarative stage do: each agent is prepared by its first command, and a container"
                    + " that is entered inside the block is supervised only if it is one of Docker Pipeline");
        }
    }

    @Override
    public void onResume() {
        super.onResume();
        try {
            OpenBlock block = scope == null ? null : OpenBlocks.resume(getContext().get(Run.class), scope.getBlockId());
            if (block != null && body != null) {
                block.onCancel(body::cancel);
                block.resume();
            }
        } catch (IOException | InterruptedException e) {
            getContext().onFailure(e);
        }
    }

    private Report end(OpenBlock block) throws IOException, InterruptedException {
        StepContext context = getContext();
        return new BlockEnd(block, context.get(TaskListener.class), context.get(FlowExecution.class)).finish();
    }

    private void judge(OpenBlock block, Report report) throws IOException, InterruptedException {
        StepContext context = getContext();
        Outcome outcome = Outcome.of(block.spec().policy(), report);
        if (outcome.effect() == Outcome.Effect.NONE) {
            return;
        }
        FlowMarks.set(block, report, context.get(FlowExecution.class));
        switch (outcome.effect()) {
            case FAIL -> throw new AbortException(outcome.message());
            case UNSTABLE -> {
                FlowNode node = context.get(FlowNode.class);
                node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(outcome.message()));
                context.get(TaskListener.class).getLogger().println("[harden-runner] unstable: " + outcome.message());
                context.get(Run.class).setResult(Result.UNSTABLE);
            }
            default -> context.get(TaskListener.class).getLogger().println("[harden-runner] warning: " + outcome.message());
        }
    }

    private final class Callback extends TailCall {
        private static final long serialVersionUID = 1L;

        @Override
        protected void finished(StepContext bodyContext) throws Exception {
            OpenBlock block = OpenBlocks.find(scope.getRunId(), scope.getBlockId());
            if (block != null) {
                judge(block, end(block));
            }
        }
    }
}
