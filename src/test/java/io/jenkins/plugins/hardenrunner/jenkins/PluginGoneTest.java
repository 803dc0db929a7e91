package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.Shell;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The plugin is disabled, as if it were uninstalled: jobs and builds load without it, and have all of it with it again. */
class PluginGoneTest {
    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    @Test
    void jobsAndBuildsLoadWithoutThePlugin() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(PluginGoneTest::build);
        jenkins.stopJenkins();
        Path disabled = jenkins.getHome().toPath().resolve("plugins").resolve(plugin() + ".disabled");
        Files.createFile(disabled);
        jenkins.startJenkins();
        jenkins.runRemotely(PluginGoneTest::without);
        jenkins.stopJenkins();
        Files.delete(disabled);
        jenkins.startJenkins();
        jenkins.runRemotely(With::again);
    }

    private String plugin() throws Exception {
        try (Stream<Path> plugins = Files.list(jenkins.getHome().toPath().resolve("plugins"))) {
            return plugins.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("harden-runner\\.[jh]p[il]"))
                    .findFirst().orElseThrow();
        }
    }

    private static void build(JenkinsRule r) throws Throwable {
        WorkflowJob pipeline = r.createProject(WorkflowJob.class, "pipeline");
        pipeline.setDefinition(new CpsFlowDefinition("node { hardenRunner(egressPolicy: 'block') { sh 'true' } }", true));
        r.buildAndAssertSuccess(pipeline);
        FreeStyleProject freestyle = r.createProject(FreeStyleProject.class, "freestyle");
        freestyle.getBuildersList().add(new Shell("echo ran"));
        With.wrapper(freestyle);
        r.buildAndAssertSuccess(freestyle);
    }

    /** Names no class of the plugin: there are none. */
    private static void without(JenkinsRule r) throws Throwable {
        assertThat(r.jenkins.getPlugin("harden-runner"), nullValue());
        for (String name : new String[] {"pipeline", "freestyle"}) {
            Run<?, ?> run = r.jenkins.getItemByFullName(name, hudson.model.Job.class).getBuildByNumber(1);
            assertThat(run.getResult(), is(Result.SUCCESS));
            for (String page : new String[] {"", "api/json", "consoleText"}) {
                HttpURLConnection connection = (HttpURLConnection) new java.net.URL(r.getURL(), run.getUrl() + page).openConnection();
                assertThat(name + "/" + page, connection.getResponseCode(), is(200));
            }
        }
        // A step that nobody knows must fail; what only wraps cannot be missed by a build that asks for nothing.
        WorkflowJob pipeline = r.jenkins.getItemByFullName("pipeline", WorkflowJob.class);
        r.assertLogContains("No such DSL method 'hardenRunner'", r.buildAndAssertStatus(Result.FAILURE, pipeline));
        r.buildAndAssertSuccess(r.jenkins.getItemByFullName("freestyle", FreeStyleProject.class));
        pipeline.getBuildByNumber(1).setDescription("saved meanwhile");
    }

    /** Loaded only where the plugin is. */
    private static final class With {
        static void wrapper(FreeStyleProject job) {
            job.getBuildWrappersList().add(new io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper(null));
        }

        static void again(JenkinsRule r) throws Throwable {
            FreeStyleProject freestyle = r.jenkins.getItemByFullName("freestyle", FreeStyleProject.class);
            assertThat(freestyle.getConfigFile().asString(), containsString("HardenRunnerBuildWrapper"));
            assertThat(Builds.report(freestyle.getBuildByNumber(1)).launches, is(1));
            assertThat(Builds.report(r.buildAndAssertSuccess(freestyle)).launches, is(1));
            WorkflowJob pipeline = r.jenkins.getItemByFullName("pipeline", WorkflowJob.class);
            // Saved without the plugin, a build has lost its summary; the evidence and the report are still there.
            Path folder = pipeline.getBuildByNumber(1).getRootDir().toPath().resolve("harden-runner");
            try (Stream<Path> files = Files.walk(folder)) {
                assertThat(files.filter(file -> file.endsWith("report.json.gz")).toList(), hasSize(1));
            }
            assertThat(Builds.report(r.buildAndAssertSuccess(pipeline)).state, not("off"));
        }
    }
}
