package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.hardenrunner.launch.AgentPreparation;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Asks each agent, when it has connected, what supervision could do there, so that an administrator need not wait for a
 * build to fail. Blocks do not rely on it: they ask for themselves.
 */
@Extension
public final class AgentProbes extends ComputerListener {
    private static final Logger LOGGER = Logger.getLogger(AgentProbes.class.getName());

    /** The newest answers; of agents that are gone nothing is kept. */
    private final Map<Computer, AgentProbe> answers = Collections.synchronizedMap(new WeakHashMap<>());

    @NonNull
    public static AgentProbes get() {
        return ExtensionList.lookupSingleton(AgentProbes.class);
    }

    /** The newest answer; null if the agent has not been asked yet. */
    @CheckForNull
    public AgentProbe of(@NonNull Computer computer) {
        return answers.get(computer);
    }

    /** The newest answers by the names of the agents, sorted. */
    @NonNull
    public Map<String, AgentProbe> byName() {
        Map<String, AgentProbe> all = new TreeMap<>();
        synchronized (answers) {
            answers.forEach((computer, answer) -> all.put(computer.getName(), answer));
        }
        return all;
    }

    /** Not on this thread: the agent is ready for builds, whatever it answers. */
    @Override
    public void onOnline(@NonNull Computer computer, @NonNull TaskListener listener) {
        Computer.threadPoolForRemoting.submit(() -> {
            try {
                ask(computer, false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "cannot ask agent '" + computer.getName() + "' what it can supervise");
            }
        });
    }

    /**
     * Asks now. The helper is installed for it where it is missing.
     *
     * @param anew whether the helper is to look again, after a change of the machine, or may repeat itself
     */
    void ask(@NonNull Computer computer, boolean anew) throws InterruptedException {
        Node node = computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        if (root == null) {
            return; // it has gone again; the last answer stays, with its time
        }
        AgentProbe answer;
        try {
            answer = AgentProbe.of(AgentPreparation.ask(root, false, anew));
        } catch (IOException e) {
            answer = AgentProbe.off("the helper cannot be installed under " + root.getRemote() + ": " + AgentPreparation.message(e));
        }
        answers.put(computer, answer);
        if (!answer.state().equals("enforced")) {
            AgentProbe incomplete = answer;
            LOGGER.log(Level.INFO, () -> "agent '" + computer.getName() + "': supervision is " + incomplete.state() + ", " + incomplete.missing());
        }
    }
}
