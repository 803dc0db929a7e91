package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.hardenrunner.agent.PrepareLaunch;
import io.jenkins.plugins.hardenrunner.collect.AgentState;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.Launch;
import io.jenkins.plugins.hardenrunner.collect.LaunchPolicy;
import io.jenkins.plugins.hardenrunner.engine.container.DockerCommand;
import io.jenkins.plugins.hardenrunner.engine.policy.CredentialPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.CredentialStores;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes an agent ready to supervise, and one launch after the other on it. */
public final class Supervision {
    private final OpenBlock block;
    private final Launcher inner;
    private final Node node;
    private final TaskListener listener;

    /** @param inner the launcher beneath ours */
    public Supervision(
            @NonNull OpenBlock block, @NonNull Launcher inner, @NonNull Node node, @NonNull TaskListener listener) {
        this.block = block;
        this.inner = inner;
        this.node = node;
        this.listener = listener;
    }

    /**
     * A launch that may start.
     *
     * @param at index in the command line before which the prefix belongs
     */
    record Armed(@NonNull Launch launch, @NonNull List<String> prefix, int at) {}

    /**
     * Prepares an agent before the first command, away from the thread that runs the Pipeline, which should not wait
     * for it. What is not prepared here is prepared by the first launch.
     *
     * @param environment as the steps in the block will see it
     * @throws AbortException if the policy demands what the agent cannot do
     */
    public void prepare(@NonNull String[] environment, @NonNull FilePath workspace)
            throws IOException, InterruptedException {
        // Inside a container the temporary folder is needed; the launch knows it best.
        if (agent(environment, workspace, Entry.of(inner, List.of())) != null) {
            capture(environment, workspace);
        }
    }

    /**
     * Prepares one launch.
     *
     * @param sensitive names of variables whose values are secret, besides those that the environment tells
     * @param ending the helper's options for how the command ends
     * @return null if the command may start without supervision
     * @throws AbortException if it must not start, saying why
     */
    @CheckForNull
    Armed arm(
            @NonNull String[] environment,
            @CheckForNull FilePath workDir,
            @NonNull List<String> command,
            @NonNull Set<String> sensitive,
            @NonNull List<String> ending)
            throws IOException, InterruptedException {
        DockerCommand docker = DockerCommand.parse(command);
        if (docker.kind() == DockerCommand.Kind.MANAGEMENT) {
            block.beside(docker.description(), "Jenkins itself starts and ends containers with it; what an image runs by"
                    + " itself is not supervised, each command that a step starts in the container is");
            return null;
        }
        if (docker.kind() == DockerCommand.Kind.UNKNOWN) {
            unknown(docker);
        }
        Entry entry = Entry.of(inner, command);
        AgentState agent = agent(environment, workDir, entry);
        if (agent == null) {
            return null;
        }
        List<String> protect = capture(environment, workDir);
        Launch launch = block.newLaunch(
                node.getNodeName(), agent.folder(), LaunchPlan.variable(environment, LaunchPlan.STEP_VARIABLE),
                LaunchPlan.isDurableWrapper(environment));
        byte[] policy = policy(agent, environment, workDir, protect).with(launch.nonce());
        if (!lay(agent, launch, policy)) {
            // The helper was changed or removed. Install it again, once: a second time means that somebody fights us.
            block.incomplete("helper on " + nodeName(), "it was changed or removed during the block and put back");
            agent = prepareAgent(environment, workDir, entry);
            if (agent.off() || !lay(agent, launch, policy)) {
                throw new AbortException("Harden Runner: the helper " + agent.helper() + " on " + nodeName()
                        + " is being changed; the command was not started");
            }
        }
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("launch", launch.id());
        if (!launch.step().isEmpty()) {
            tags.put("step", launch.step());
        }
        Set<String> redacted = new TreeSet<>(sensitive);
        redacted.addAll(LaunchPlan.redacted(LaunchPlan.variable(environment, LaunchPlan.REDACT_VARIABLE)));
        block.secrets().learn(environment, redacted, block.spec().redaction());
        String folder = agent.folder() + "/" + block.id() + "/" + launch.id() + "/";
        return new Armed(launch, LaunchPlan.prefix(
                agent.helper(), folder + PrepareLaunch.POLICY, folder + PrepareLaunch.EVENTS, tags,
                redacted, ending), docker.commandAt());
    }

    /** The agent's state, prepared if it was not yet; null if the command may start without supervision. */
    @CheckForNull
    private AgentState agent(String[] environment, @CheckForNull FilePath workDir, Entry entry)
            throws IOException, InterruptedException {
        String key = node.getNodeName() + (entry.container() ? " " + containerRoot(environment, workDir) : "")
                + entry.name();
        AgentState agent = block.agent(key);
        if (agent == null) {
            agent = prepareAgent(environment, workDir, entry);
            if (!agent.off() && agent.home().isEmpty() && block.spec().policy().credentialPolicy() != CredentialPolicy.OFF) {
                agent = agent.lacking("credentials: the home folder of the container's user is not known, so that only"
                        + " absolute credential paths are watched");
            }
            block.agent(key, agent);
        }
        if (agent.missing().isEmpty()) {
            return agent;
        }
        if (block.spec().failsWhenUnsupported()) {
            throw new AbortException("Harden Runner: " + nodeName() + " cannot enforce the policy: " + agent.reason()
                    + ". The command was not started; onUnsupported: 'warn' would run it all the same");
        }
        boolean told = agent.off()
                ? !block.unsupervised("commands on " + nodeName(), agent.reason())
                : !block.incomplete("commands on " + nodeName(), agent.reason());
        if (!told) {
            listener.error("Harden Runner: " + nodeName() + " supervises "
                    + (agent.off() ? "nothing: " : "incompletely: ") + agent.reason());
        }
        return agent.off() ? null : agent;
    }

    /** The processes of containers are not the client's, so that supervising the client would only look like it. */
    private void unknown(DockerCommand docker) throws IOException {
        String reason = "what it starts belongs to the Docker daemon and cannot be supervised";
        if (block.spec().failsWhenUnsupported()) {
            throw new AbortException("Harden Runner: " + docker.description() + ": " + reason
                    + "; the command was not started");
        }
        if (block.incomplete(docker.description(), reason)) {
            listener.error("Harden Runner: " + docker.description() + ": " + reason);
        }
    }

    private AgentState prepareAgent(String[] environment, @CheckForNull FilePath workDir, Entry entry)
            throws IOException, InterruptedException {
        VirtualChannel channel = inner.getChannel();
        if (channel == null || !inner.isUnix()) {
            return AgentState.unsupported("supervision needs Linux, this is another system");
        }
        String root;
        if (entry.container()) {
            root = containerRoot(environment, workDir);
        } else {
            FilePath path = node.getRootPath();
            root = path == null ? null : path.getRemote();
        }
        if (root == null) {
            return AgentState.unsupported("there is no folder for the helper that the command can reach");
        }
        return AgentPreparation.prepare(
                new FilePath(channel, root),
                entry.container() ? new ContainerProbe(inner, entry.enter(), listener) : null);
    }

    private boolean lay(AgentState agent, Launch launch, byte[] policy) throws IOException, InterruptedException {
        FilePath folder = new FilePath(inner.getChannel(), agent.folder());
        try {
            return folder.act(
                    new PrepareLaunch(agent.helper(), agent.sha256(), block.id(), launch.id(), policy, agent.otherUser()));
        } catch (IOException e) {
            throw new IOException("Harden Runner: the policy cannot be written on " + nodeName() + " in " + agent.folder()
                    + ": " + AgentPreparation.message(e) + "; the command was not started", e);
        }
    }

    /** The same for all launches of the block that run in a workspace under the same helper. */
    private LaunchPolicy policy(
            AgentState agent, String[] environment, @CheckForNull FilePath workDir, List<String> protect) throws IOException {
        String workspace = workspace(environment, workDir);
        String key = node.getNodeName() + "\t" + agent.helper() + "\t" + workspace;
        LaunchPolicy known = block.policy(key);
        if (known == null) {
            known = new LaunchPolicy(render(agent, workspace, protect));
            block.policy(key, known);
        }
        return known;
    }

    private String render(AgentState agent, @CheckForNull String workspace, List<String> protect) {
        List<String> own = new ArrayList<>();
        for (String path : agent.ownPaths()) {
            // An agent whose root is the workspace, or a job that builds inside JENKINS_HOME/jobs: not ours to forbid.
            if (workspace == null || !(workspace + "/").startsWith(path + "/")) {
                own.add(path);
            }
        }
        LaunchOptions.Builder options = LaunchOptions.builder().nonce(LaunchPolicy.PLACEHOLDER).ownPaths(own)
                .limitEvents(block.spec().limitEvents).redaction(block.spec().redaction())
                .limitBytes(block.spec().limitMegabytes == null ? null : block.spec().limitMegabytes << 20);
        if (block.spec().policy().filePolicy() != FilePolicy.OFF) {
            options.protectPaths(protect);
            List<String> writable = new ArrayList<>(agent.writable());
            if (workspace != null) {
                writable.add(workspace);
                writable.add(workspace + "@tmp");
                options.scriptTrees(List.of(workspace));
            }
            options.fsWrite(writable);
        }
        if (block.spec().policy().credentialPolicy() != CredentialPolicy.OFF) {
            options.credentialPaths(CredentialStores.of(block.spec().policy(), agent.home()));
        }
        return PolicyFile.render(block.spec().policy(), options.build());
    }

    /** The paths to protect in the workspace, whose sources are captured before the first command that runs in it. */
    private List<String> capture(String[] environment, @CheckForNull FilePath workDir)
            throws IOException, InterruptedException {
        String workspace = workspace(environment, workDir);
        if (workspace == null || block.spec().policy().filePolicy() == FilePolicy.OFF) {
            return List.of();
        }
        return block.sources().capture(block, node.getNodeName(), new FilePath(inner.getChannel(), workspace));
    }

    /** Inside a container only the workspace and its temporary folder are sure to be visible. */
    @CheckForNull
    private static String containerRoot(String[] environment, @CheckForNull FilePath workDir) {
        String temporary = LaunchPlan.variable(environment, "WORKSPACE_TMP");
        if (!temporary.isEmpty()) {
            return temporary;
        }
        FilePath fallback = workDir == null ? null : WorkspaceList.tempDir(workDir);
        return fallback == null ? null : fallback.getRemote();
    }

    @CheckForNull
    private static String workspace(String[] environment, @CheckForNull FilePath workDir) {
        String workspace = LaunchPlan.variable(environment, "WORKSPACE");
        if (!workspace.isEmpty()) {
            return workspace;
        }
        return workDir == null ? null : workDir.getRemote();
    }

    private String nodeName() {
        return node.getNodeName().isEmpty() ? "the built-in node" : "agent '" + node.getNodeName() + "'";
    }

}
