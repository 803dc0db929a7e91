package io.jenkins.plugins.hardenrunner.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.nullValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BesideStepsTest {
    @ParameterizedTest
    @CsvSource({"checkout, SCM", "git, SCM", "archiveArtifacts, files", "stash, files", "tool, installers", "build, build"})
    void whatRunsElsewhereHasItsReason(String name, String word) {
        assertThat(BesideSteps.reason(name, false), containsString(word));
    }

    @Test
    void processesAreSupervised() {
        assertThat(BesideSteps.reason("sh", false), nullValue());
        assertThat(BesideSteps.reason("echo", false), nullValue());
    }

    @Test
    void whatAPluginDoesIsNotKnown() {
        assertThat(BesideSteps.reason("somethingNew", true), containsString("plugin"));
        assertThat(BesideSteps.reason("stash", true), containsString("files"));
    }
}
