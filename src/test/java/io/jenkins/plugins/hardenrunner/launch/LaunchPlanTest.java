package io.jenkins.plugins.hardenrunner.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.arrayContaining;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {
    private static final List<String> PREFIX =
            LaunchPlan.prefix("/a/helper", "/a/policy", "/a/events", Map.of(), List.of(), List.of());

    @Test
    void prefixEndsWithTheSeparator() {
        assertThat(PREFIX, contains("/a/helper", "run", "--policy", "/a/policy", "--events", "/a/events", "--"));
    }

    @Test
    void tagsAndRedactedNamesStandBeforeTheSeparator() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("launch", "l-1");
        tags.put("step", "12");
        List<String> prefix = LaunchPlan.prefix("h", "p", "e", tags, List.of("TOKEN", "PASSWORD"), List.of("--output-grace", "2"));
        assertThat(prefix, contains(
                "h", "run", "--policy", "p", "--events", "e", "--tag", "launch=l-1", "--tag", "step=12",
                "--redact-env", "TOKEN,PASSWORD", "--output-grace", "2", "--"));
    }

    @Test
    void ownVariablesAreReadAndTakenOut() {
        String[] environment = {"A=1", "HARDEN_RUNNER_STEP=12", "HARDEN_RUNNER_REDACT=TOKEN,PW", "HARDEN_RUNNER_STEPS=x"};
        assertThat(LaunchPlan.variable(environment, LaunchPlan.STEP_VARIABLE), is("12"));
        assertThat(LaunchPlan.redacted(LaunchPlan.variable(environment, LaunchPlan.REDACT_VARIABLE)), contains("TOKEN", "PW"));
        assertThat(LaunchPlan.withoutOurs(environment), arrayContaining("A=1", "HARDEN_RUNNER_STEPS=x"));
    }

    @Test
    void missingVariableIsEmpty() {
        assertThat(LaunchPlan.variable(new String[0], LaunchPlan.STEP_VARIABLE), is(""));
        assertThat(LaunchPlan.redacted(""), empty());
    }

    @Test
    void wrappersOfScriptsAreKnownByTheirCookie() {
        assertThat(LaunchPlan.isDurableWrapper(new String[] {"A=b", "JENKINS_SERVER_COOKIE=please-do-not-kill-me"}), is(true));
        assertThat(LaunchPlan.isDurableWrapper(new String[] {"JENKINS_SERVER_COOKIE=durable-0123"}), is(false));
        assertThat(LaunchPlan.isDurableWrapper(new String[] {}), is(false));
    }

    private static final String[] DURABLE = {"JENKINS_SERVER_COOKIE=please-do-not-kill-me"};

    @Test
    void outputOfACommandThatIsWaitedForEndsSoonAfterIt() {
        assertThat(LaunchPlan.ending(new String[] {"A=b"}, List.of("sh", "-xe", "/tmp/script.sh")), contains("--output-grace", "2"));
    }

    @Test
    void refusedScriptsSayWhyWhereTheStepLooks() {
        List<String> wrapper = List.of("nohup", "sh", "-c",
                "(cp '/w $$x@tmp/durable-0a1b/script.sh' '…'; … > '/w $$x@tmp/durable-0a1b/jenkins-log.txt' 2>&1; echo $$? >"
                        + " '/w $$x@tmp/durable-0a1b/jenkins-result.txt.tmp'; mv '/w $$x@tmp/durable-0a1b/jenkins-result.txt.tmp'"
                        + " '/w $$x@tmp/durable-0a1b/jenkins-result.txt'; wait) >&- 2>&- &");
        assertThat(LaunchPlan.ending(DURABLE, wrapper), contains(
                "--refusal-log", "/w $x@tmp/durable-0a1b/jenkins-log.txt",
                "--refusal-status", "/w $x@tmp/durable-0a1b/jenkins-result.txt"));
    }

    @Test
    void otherWrappersAreLeftAsTheyAre() {
        assertThat(LaunchPlan.ending(DURABLE, List.of("durable_task_monitor", "-daemon")), empty());
        assertThat(LaunchPlan.ending(DURABLE, List.of()), empty());
    }
}
