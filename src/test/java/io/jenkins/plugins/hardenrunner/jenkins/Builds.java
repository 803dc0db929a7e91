package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Slave;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.node.AgentProbes;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import io.jenkins.plugins.hardenrunner.ui.HardenRunnerAction;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** Runs Pipelines and reads their reports. */
final class Builds {
    private Builds() {}

    static WorkflowJob job(JenkinsRule r, String script) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    static WorkflowRun run(JenkinsRule r, Result expected, String script) throws Exception {
        return r.buildAndAssertStatus(expected, job(r, script));
    }

    static List<BlockSummary> blocks(Run<?, ?> run) {
        HardenRunnerAction action = run.getAction(HardenRunnerAction.class);
        return action == null ? List.of() : action.getBlocks();
    }

    /** The report of the build's only block. */
    static Report report(Run<?, ?> run) throws Exception {
        List<BlockSummary> blocks = blocks(run);
        if (blocks.size() != 1) {
            throw new AssertionError(blocks.size() + " blocks instead of one");
        }
        return report(run, blocks.get(0));
    }

    static Report report(Run<?, ?> run, BlockSummary block) throws Exception {
        try (InputStream in = BlockStore.of(run, block.getId()).openReport()) {
            return ReportJson.read(in);
        }
    }

    /** Waits until stored events of a running build hold a text. */
    static void awaitEvents(Run<?, ?> run, String text) throws Exception {
        for (int i = 0; i < 300; i++) {
            Path folder = run.getRootDir().toPath().resolve("harden-runner");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(file -> file.toString().endsWith(".ndjson")).toList()) {
                        List<Event> events = new ArrayList<>();
                        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                            new EventReader(null).read(in, events::add, problem -> { });
                        }
                        if (events.stream().anyMatch(event -> event.toString().contains(text))) {
                            return;
                        }
                    }
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no event with '" + text + "'");
    }

    /** Waits until an agent has been asked what it can do, which happens when it has connected. */
    static void awaitProbe(Computer computer) throws InterruptedException {
        for (int i = 0; i < 300 && AgentProbes.get().of(computer) == null; i++) {
            Thread.sleep(100);
        }
        if (AgentProbes.get().of(computer) == null) {
            throw new AssertionError(computer.getName() + " has not been asked");
        }
    }

    /** Puts a file where the helper's folder would be, so that it cannot be installed. */
    static void obstructHelper(Slave agent) throws Exception {
        awaitProbe(agent.toComputer());
        FilePath folder = agent.getRootPath().child("harden-runner");
        folder.deleteRecursive();
        folder.write("in the way", "UTF-8");
    }
}
