package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.FreeStyleBuild;
import hudson.model.Node;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.config.BlockSpecs;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.launch.Containers;
import io.jenkins.plugins.hardenrunner.launch.HardenDecorator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.csanchez.jenkins.plugins.kubernetes.pipeline.StandInDecorator;
import org.jenkinsci.plugins.docker.workflow.StandInContainerStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * "Looks hardened, isn't" is the worst defect: for every order of decorators, either the helper stands directly before
 * the command where the command runs, or the step is refused before it starts.
 */
@WithJenkins
class LauncherChainTest {
    private static final int LONGEST = 4;

    private final List<List<String>> started = new ArrayList<>();
    private OpenBlock block;
    private Node node;

    /** Launchers by letter; H is ours. */
    private Map<Character, LauncherDecorator> decorators() {
        Map<Character, LauncherDecorator> decorators = new TreeMap<>();
        decorators.put('H', new HardenDecorator(block.run().getExternalizableId(), block.id()));
        decorators.put('D', new StandInContainerStep.Decorator("docker", false));
        decorators.put('E', new StandInContainerStep.Decorator("docker", true));
        decorators.put('K', new StandInDecorator(this::start, new Ended()));
        // As core makes them: nobody can see what is beneath.
        decorators.put('P', decorator(launcher -> launcher.decorateByPrefix("nice")));
        decorators.put('X', decorator(launcher -> new Launcher(launcher) {
            @Override
            public Proc launch(ProcStarter starter) {
                start(starter.cmds(), starter.stdout());
                return new Ended();
            }

            @Override
            public hudson.remoting.Channel launchChannel(
                    String[] cmd, OutputStream out, hudson.FilePath workDir, Map<String, String> envVars) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void kill(Map<String, String> modelEnvVars) {}
        }));
        return decorators;
    }

    private interface Wrap {
        Launcher of(Launcher launcher);
    }

    private static LauncherDecorator decorator(Wrap wrap) {
        return new LauncherDecorator() {
            @Override
            public Launcher decorate(Launcher launcher, Node node) {
                return wrap.of(launcher);
            }
        };
    }

    private void start(List<String> command, OutputStream out) {
        if (!command.contains("probe")) {
            started.add(List.copyOf(command));
            return;
        }
        try {
            // The question what the helper can do in a container is not the command.
            out.write("{\"state\":\"enforced\",\"uid\":0}\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node's own: what arrives here or at one of the stand-ins is what runs. */
    private final class Base extends Launcher.LocalLauncher {
        Base() {
            super(TaskListener.NULL);
        }

        @Override
        public Proc launch(ProcStarter starter) {
            start(starter.cmds(), starter.stdout());
            return new Ended();
        }
    }

    private static final class Ended extends Proc {
        @Override
        public boolean isAlive() {
            return false;
        }

        @Override
        public void kill() {}

        @Override
        public int join() {
            return 0;
        }

        @Override
        public InputStream getStdout() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public InputStream getStderr() {
            return getStdout();
        }

        @Override
        public OutputStream getStdin() {
            return OutputStream.nullOutputStream();
        }
    }

    @Test
    void everyOrderIsSupervisedOrRefused(JenkinsRule r) throws Exception {
        FreeStyleBuild build = r.buildAndAssertSuccess(r.createFreeStyleProject());
        node = r.jenkins;
        LayerSpec layer = new LayerSpec(Origin.STEP);
        layer.egressPolicy = "block";
        layer.filePolicy = "off";
        block = OpenBlocks.open(build, BlockSpecs.create(build, layer, null, null, null));
        List<String> wrong = new ArrayList<>();
        int supervised = 0;
        int refused = 0;
        for (String order : orders()) {
            String result = tryOut(order);
            if (result.isEmpty()) {
                supervised++;
            } else if (result.startsWith("refused")) {
                refused++;
            } else {
                wrong.add(order + ": " + result);
            }
        }
        assertThat(String.join("\n", wrong), wrong.size(), is(0));
        assertThat(supervised, greaterThan(20));
        assertThat(refused, greaterThan(20));
    }

    /** All orders of up to four launchers with one H, outermost first. */
    private List<String> orders() {
        List<String> orders = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= LONGEST; length++) {
            int to = orders.size();
            for (; from < to; from++) {
                for (char letter : decorators().keySet()) {
                    if (letter != 'H' || orders.get(from).indexOf('H') < 0) {
                        orders.add(orders.get(from) + letter);
                    }
                }
            }
        }
        return orders.stream().filter(order -> order.indexOf('H') >= 0).toList();
    }

    private String tryOut(String order) throws Exception {
        Launcher launcher = new Base();
        Map<Character, LauncherDecorator> decorators = decorators();
        for (int i = order.length() - 1; i >= 0; i--) {
            launcher = decorators.get(order.charAt(i)).decorate(launcher, node);
        }
        started.clear();
        try {
            String escape = Containers.escape(launcher);
            started.clear();
            if (escape != null) {
                return "refused: " + escape;
            }
            launcher.launch()
                    .cmds("nohup", "sh", "-c", "the command")
                    .envs("WORKSPACE_TMP=" + node.getRootPath().getRemote(), "A=b")
                    .start();
        } catch (IOException e) {
            return started.isEmpty() ? "refused: " + e.getMessage() : "failed after it had started: " + started;
        }
        if (started.size() != 1) {
            return "started " + started;
        }
        List<String> argv = started.get(0);
        int helper = -1;
        for (int i = 0; i < argv.size(); i++) {
            if (argv.get(i).endsWith("/harden-helper")) {
                helper = i;
            }
        }
        // Between the helper and the command only what runs in the same place may stand: never a Docker client.
        return helper < 0 || argv.subList(helper, argv.size()).contains("docker") ? "helper misplaced in " + argv : "";
    }
}
