package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.model.Result;
import hudson.model.Slave;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jenkinsci.plugins.workflow.actions.TimingAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * What supervision costs on the Jenkins side. No test: it is not run with the others but by {@code bench/jenkins}, which
 * puts the table into bench/RESULTS.md. {@link RoundTripTest} holds the numbers of round trips.
 */
@WithJenkins
class OverheadBenchmark {
    private static final int ROUNDS = Integer.getInteger("harden.bench.rounds", 5);
    private static final int COMMANDS = Integer.getInteger("harden.bench.commands", 200);
    private static final int TRACKED = 20_000;

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    private final StringBuilder table = new StringBuilder();
    private JenkinsRule r;
    private Slave agent;

    @Test
    void measure(JenkinsRule rule) throws Throwable {
        r = rule;
        agent = AGENTS.createAgent(
                r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
        String empty = "";
        String sources = "sh '''git init -q . && seq " + TRACKED
                + " | xargs -n 500 touch && git add -A && git -c user.name=b -c user.email=b@example.com commit -qm b'''\n";
        Builds.run(r, Result.SUCCESS, alternating(empty, 1, 10)); // warm on both sides
        table.append("| | unsupervised | in a block | difference |\n|---|---|---|---|\n");
        steps("`sh 'true'`", empty, 20);
        steps("the same in a workspace with 20,000 files under version control", sources, 10);
        builds();
        Files.writeString(Path.of(System.getProperty("harden.bench.out", "target/overhead.md")), table);
    }

    /** Commands by turns outside a block and in it. */
    private static String alternating(String before, int rounds, int commands) {
        String loop = "for (int i = 0; i < " + commands + "; i++) { sh 'true' }";
        return "node('remote') {\n deleteDir()\n" + before + "for (int n = 0; n < " + rounds + "; n++) {\n" + loop
                + "\nhardenRunner {\n" + loop + "\n}\n}\n}";
    }

    private void steps(String title, String before, int commands) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, alternating(before, ROUNDS, commands));
        List<FlowNode> nodes = new ArrayList<>(new DepthFirstScanner().allNodes(b.getExecution()));
        nodes.sort(Comparator.comparingInt(node -> Integer.parseInt(node.getId())));
        List<Double> outside = new ArrayList<>();
        List<Double> inside = new ArrayList<>();
        for (int i = 0; i + 1 < nodes.size(); i++) {
            double millis = TimingAction.getStartTime(nodes.get(i + 1)) - TimingAction.getStartTime(nodes.get(i));
            String step = nodes.get(i).getDisplayFunctionName();
            boolean supervised = nodes.get(i).getEnclosingBlocks().stream()
                    .anyMatch(block -> block.getDisplayFunctionName().equals("hardenRunner"));
            if (step.equals("sh")) {
                (supervised ? inside : outside).add(millis);
            }
        }
        outside.subList(0, before.isEmpty() ? 0 : 1).clear(); // the one that makes the sources
        table.append(String.format(Locale.ROOT, "| %s, wall ms, median of %d (90 %%) | %.0f (%.0f) | %.0f (%.0f) | %+.0f |%n",
                title, inside.size(), quantile(outside, 0.5), quantile(outside, 0.9), quantile(inside, 0.5),
                quantile(inside, 0.9), quantile(inside, 0.5) - quantile(outside, 0.5)));
    }

    private void builds() throws Exception {
        String loop = "for (int i = 0; i < " + COMMANDS + "; i++) { sh 'true' }";
        List<Double> plain = new ArrayList<>();
        List<Double> supervised = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        int[] requests = new int[4];
        for (int n = 0; n < Math.max(1, ROUNDS / 2); n++) {
            try (Requests counted = new Requests(agent.toComputer())) {
                plain.add(seconds(Builds.run(r, Result.SUCCESS, "node('remote') { " + loop + " }")));
                requests[0] = counted.all();
            }
            try (Requests counted = new Requests(agent.toComputer())) {
                supervised.add(seconds(Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { " + loop + " } }")));
                requests[1] = counted.all();
                requests[2] = counted.ours();
                requests[3] = counted.background();
            }
            ratios.add(100 * (supervised.get(n) / plain.get(n) - 1));
        }
        table.append(String.format(Locale.ROOT, "| build with %d `sh 'true'`, s, median of %d | %.1f | %.1f | %+.1f %% (%+.1f to %+.1f) |%n",
                COMMANDS, plain.size(), quantile(plain, 0.5), quantile(supervised, 0.5), quantile(ratios, 0.5),
                quantile(ratios, 0), quantile(ratios, 1)));
        table.append(String.format(Locale.ROOT, "| its requests to the agent | %d | %d | %d waited for (%.2f a command), %d in the background |%n",
                requests[0], requests[1], requests[2], (double) requests[2] / COMMANDS, requests[3]));
    }

    private static double seconds(WorkflowRun b) {
        return b.getDuration() / 1000.0;
    }

    private static double quantile(List<Double> values, double which) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.round(which * (sorted.size() - 1)));
    }
}
