package io.jenkins.plugins.hardenrunner.collect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentStateTest {
    @Test
    void enforcedLacksNothing() {
        AgentState.Answer answer = AgentState.answer("{\"schema\":1,\"state\":\"enforced\",\"degraded\":[]}");
        assertThat(answer.missing(), empty());
        assertThat(answer.off(), is(false));
    }

    @Test
    void degradedNamesWhatIsMissing() {
        AgentState.Answer answer = AgentState.answer(
                "{\"state\":\"degraded\",\"degraded\":[{\"protection\":\"self-protection\",\"reason\":\"no Landlock\"}]}");
        assertThat(answer.missing(), contains("self-protection: no Landlock"));
        assertThat(answer.off(), is(false));
    }

    @Test
    void userIsTold() {
        assertThat(AgentState.answer("{\"state\":\"enforced\",\"uid\":1000}").uid(), is(1000));
        assertThat(AgentState.answer("{\"state\":\"enforced\"}").uid(), is(-1));
    }

    /** An answer that we do not understand must not look like protection. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"state\":\"off\"}", "{\"state\":\"splendid\"}", "not json"})
    void everythingElseCountsAsOff(String json) {
        AgentState.Answer answer = AgentState.answer(json);
        assertThat(answer.off(), is(true));
        assertThat(answer.missing(), not(empty()));
    }

    @Test
    void degradedWithoutReasonIsStillDegraded() {
        assertThat(AgentState.answer("{\"state\":\"degraded\",\"degraded\":[]}").missing(), not(empty()));
    }
}
