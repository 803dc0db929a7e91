package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.model.Slave;
import hudson.remoting.Launcher;
import hudson.remoting.Which;
import hudson.slaves.DumbSlave;
import hudson.slaves.JNLPLauncher;
import hudson.slaves.RetentionStrategy;
import hudson.slaves.SlaveComputer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * An agent on what is a machine of its own as far as processes go: a process namespace whose first process, when it is
 * killed, takes all others with it at once.
 */
final class Machine implements AutoCloseable {
    private static final List<String> NAMESPACE = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    private final JenkinsRule r;
    private final Slave node;
    private final Path folder;
    private Process process;

    Machine(JenkinsRule r, String name, Path folder) throws Exception {
        this.r = r;
        this.folder = folder;
        JNLPLauncher launcher = new JNLPLauncher();
        launcher.setWebSocket(true);
        node = new DumbSlave(name, folder.toString(), launcher);
        node.setNumExecutors(1);
        node.setRetentionStrategy(RetentionStrategy.NOOP);
        r.jenkins.addNode(node);
    }

    static boolean isPossible() throws IOException, InterruptedException {
        try {
            List<String> line = new ArrayList<>(NAMESPACE);
            line.add("true");
            return new ProcessBuilder(line).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    void boot() throws Exception {
        SlaveComputer computer = (SlaveComputer) node.toComputer();
        List<String> line = new ArrayList<>(NAMESPACE);
        line.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
                "-jar", Which.jarFile(Launcher.class).getAbsolutePath(), "-url", r.getURL().toString(), "-name", node.getNodeName(),
                "-secret", computer.getJnlpMac(), "-workDir", folder.toString(), "-webSocket", "-noReconnect"));
        File log = new File(folder.toFile().getParentFile(), node.getNodeName() + ".log");
        process = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
        for (int i = 0; i < 600 && !computer.isOnline(); i++) {
            Thread.sleep(100);
        }
        if (!computer.isOnline()) {
            throw new AssertionError("the agent did not come up: " + log);
        }
    }

    /** Pulls the plug. When this returns, none of the machine's processes runs any more. */
    void kill() throws Exception {
        // The death of unshare kills the namespace's first process, and the kernel all others with it.
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        SlaveComputer computer = (SlaveComputer) node.toComputer();
        if (computer.getChannel() != null) {
            computer.getChannel().close(new IOException("the machine is dead"));
        }
        for (int i = 0; i < 300 && computer.isOnline(); i++) {
            Thread.sleep(100);
        }
    }

    @Override
    public void close() throws Exception {
        if (process == null) {
            return;
        }
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
