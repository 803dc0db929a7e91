package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.jvnet.hudson.test.recipes.LocalData;

/** Jobs, builds and settings as other versions of the plugin have written them. */
@WithJenkins
class OldBuildTest {
    private static FreeStyleProject job(JenkinsRule r) {
        return r.jenkins.getItemByFullName("old", FreeStyleProject.class);
    }

    @Test
    @LocalData
    void buildsOfOtherVersionsLoad(JenkinsRule r) throws Exception {
        FreeStyleBuild first = job(r).getBuildByNumber(1);
        BlockSummary block = Builds.blocks(first).get(0);
        assertThat(block.getVerdict(), is("ok"));
        assertThat(block.getName(), is("default"));
        assertThat(block.getDeviations(), is(0));

        FreeStyleBuild second = job(r).getBuildByNumber(2);
        assertThat(second.getResult(), is(Result.SUCCESS));
        // What a record does not say is never taken for the better.
        assertThat(Builds.blocks(second).stream().map(BlockSummary::getState).toList(), contains("degraded", "off"));
        assertThat(Builds.blocks(second).stream().map(BlockSummary::getVerdict).toList(), contains("violated", "not-supervised"));
        assertThat(Builds.blocks(second).get(0).getLaunches(), is(2));
        assertThat(Builds.blocks(job(r).getBuildByNumber(3)), empty());
    }

    @Test
    @LocalData
    void theirPagesWork(JenkinsRule r) throws Exception {
        Path folder = job(r).getBuildByNumber(1).getRootDir().toPath().resolve("harden-runner/0123456789abcdef");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("report.json.gz")))) {
            Files.copy(folder.resolve("report.json"), out);
        }
        Report report = Builds.report(job(r).getBuildByNumber(1));
        assertThat(report.endpoints.get(0).name, is("packages.example.com"));
        JenkinsRule.WebClient wc = r.createWebClient();
        wc.getOptions().setJavaScriptEnabled(false);
        for (String page : new String[] {
            "", "1/", "1/harden-runner/", "1/api/json", "2/", "2/harden-runner/", "2/api/json?depth=2", "3/", "3/api/json", "api/json?depth=2"
        }) {
            assertThat(page, wc.goTo("job/old/" + page, null).getWebResponse().getStatusCode(), is(200));
        }
        assertThat(wc.goTo("job/old/1/harden-runner/report?block=0123456789abcdef", "application/json").getWebResponse().getContentAsString(),
                containsString("packages.example.com"));
        assertThat(wc.goTo("manage/harden-runner/").getWebResponse().getStatusCode(), is(200));
    }

    @Test
    @LocalData
    void settingsOfOtherVersionsHold(JenkinsRule r) throws Exception {
        assertThat(HardenRunnerConfiguration.get().getMinimumEgressPolicy(), is("block"));
        assertThat(HardenRunnerConfiguration.get().getBlockedEndpoints(), containsString("bad.example.com"));
        assertThat(HardenRunnerConfiguration.get().getSni(), is("check"));
        assertThat(HardenRunnerConfiguration.get().getMinimumMetadata(), is("allow"));
        HardenRunnerBuildWrapper wrapper = job(r).getBuildWrappersList().get(HardenRunnerBuildWrapper.class);
        assertThat(wrapper, notNullValue());
        assertThat(wrapper.getSettings().getEgressPolicy(), is("block"));
        FreeStyleBuild b = r.buildAndAssertSuccess(job(r));
        assertThat(b.getNumber(), is(4));
        assertThat(Builds.report(b).policy.egressPolicy, is("block"));
        assertThat(Builds.report(b).launches, is(1));
        job(r).save();
        assertThat(job(r).getConfigFile().asString(), not(containsString("settingThatIsGone")));
    }
}
