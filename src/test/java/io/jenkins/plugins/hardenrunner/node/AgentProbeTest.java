package io.jenkins.plugins.hardenrunner.node;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.hardenrunner.agent.PrepareAgent;
import org.junit.jupiter.api.Test;

class AgentProbeTest {
    private static AgentProbe probe(String answer) {
        PrepareAgent.Result result = new PrepareAgent.Result();
        result.probe = answer;
        result.user = "jenkins";
        return AgentProbe.of(result);
    }

    @Test
    void enforcedWithTheFactsBehindIt() {
        AgentProbe probe = probe("{\"schema\":1,\"helper\":\"0.1.0\",\"kernel\":\"6.12.1\",\"arch\":\"x86_64\",\"uid\":1000,"
                + "\"effectiveCapabilities\":[],\"capabilities\":[],\"landlockAbi\":6,\"seccompNotify\":true,\"waitKillable\":true,"
                + "\"syncWakeUp\":false,\"pidfdGetfd\":true,\"processVmReadv\":true,\"yama\":1,\"state\":\"enforced\",\"degraded\":[]}");
        assertThat(probe.state(), is("enforced"));
        assertThat(probe.missing(), empty());
        assertThat(probe.facts(), hasEntry("Kernel", "6.12.1, x86_64"));
        assertThat(probe.facts(), hasEntry("User", "jenkins (uid 1000)"));
        assertThat(probe.facts(), hasEntry("Capabilities", "none"));
        assertThat(probe.facts(), hasEntry("Landlock", "ABI 6"));
        assertThat(probe.facts(), hasEntry("seccomp", "user notification yes, killable waiting yes, synchronous wake-up no"));
    }

    @Test
    void capabilitiesAreThoseInForceAndWhatABuildKeepsOfThem() {
        assertThat(capabilities("\"effectiveCapabilities\":[\"CAP_CHOWN\",\"CAP_SYS_ADMIN\"],\"capabilities\":[\"CAP_CHOWN\"]"),
                is("a build keeps CAP_CHOWN; it loses CAP_SYS_ADMIN"));
        // Permitted, but not in force: the user has none of them now.
        assertThat(capabilities("\"effectiveCapabilities\":[],\"capabilities\":[\"CAP_CHOWN\"]"), is("none"));
        assertThat(capabilities("\"capabilities\":[]"), is("not told"));
        assertThat(capabilities("\"effectiveCapabilities\":\"0\",\"capabilities\":[]"), is("not told"));
        assertThat(capabilities("\"effectiveCapabilities\":[\"" + "x".repeat(1 << 20) + "\"],\"capabilities\":[]").length(), lessThan(2_000));
    }

    private static String capabilities(String fields) {
        return probe("{\"state\":\"enforced\",\"degraded\":[]," + fields + "}").facts().get("Capabilities");
    }

    @Test
    void degradedNamesWhatIsMissing() {
        AgentProbe probe = probe("{\"state\":\"degraded\",\"degraded\":[{\"protection\":\"signal-scope\",\"reason\":\"too old\"}]}");
        assertThat(probe.state(), is("degraded"));
        assertThat(probe.missing().toString(), containsString("signal-scope"));
    }

    @Test
    void enforcedWithSomethingMissingIsNotBelieved() {
        assertThat(probe("{\"state\":\"enforced\",\"degraded\":[{\"protection\":\"x\",\"reason\":\"y\"}]}").state(), is("degraded"));
    }

    @Test
    void otherSystemsAreOffWithTheReason() {
        PrepareAgent.Result result = new PrepareAgent.Result();
        result.unsupported = "supervision needs Linux on x86_64 or aarch64, this agent is Windows 11 on amd64";
        AgentProbe probe = AgentProbe.of(result);
        assertThat(probe.state(), is("off"));
        assertThat(probe.missing().get(0).reason(), containsString("Windows 11"));
        assertThat(probe.facts(), anEmptyMap());
    }

    @Test
    void answersThatMakeNoSenseAreOff() {
        for (String answer : new String[] {null, "", "{", "[]", "{}", "{\"state\":\"fine\"}", "{\"state\":7}", "\u0000"}) {
            assertThat(String.valueOf(answer), probe(answer).state(), is("off"));
        }
        assertThat(probe("{\"kernel\":\"" + "x".repeat(1 << 20) + "\"}").facts().get("Kernel").length(), lessThan(2_000));
    }
}
