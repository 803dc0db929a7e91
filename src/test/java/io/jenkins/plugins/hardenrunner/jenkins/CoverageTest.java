package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CoverageTest {
    @Test
    void stepsOutOfReachAreNamed(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, """
                node {
                  deleteDir()
                  hardenRunner(egressPolicy: 'block') {
                    sh 'echo x > f'
                    stash 's'
                    archiveArtifacts 'f'
                    readFile 'f'
                    readFile 'f'
                    echo 'nothing'
                  }
                }""");
        Report report = Builds.report(b);
        List<String> subjects = report.coverage.stream().map(c -> c.subject).toList();
        assertThat(subjects, hasItems("step stash", "step archiveArtifacts", "step readFile"));
        assertThat(subjects, not(hasItem("step deleteDir"))); // before the block
        assertThat(subjects, not(hasItem("step sh")));
        assertThat(subjects.stream().filter("step readFile"::equals).count(), is(1L));
        assertThat(report.state, is("enforced"));
        assertThat(report.verdict, is("ok"));
    }
}
