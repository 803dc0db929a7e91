package io.jenkins.plugins.hardenrunner.engine.recommend;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.jenkins.plugins.hardenrunner.engine.policy.AllowedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecommendationTest {
    private static List<Recommendation.Observed> build(int day, String... endpoints) {
        List<Recommendation.Observed> seen = new ArrayList<>();
        for (String endpoint : endpoints) {
            String[] parts = endpoint.split("!");
            String time = "2026-11-0" + day + "T10:00:00.000Z";
            seen.add(new Recommendation.Observed(Endpoint.parse(parts[0]), day, time, time, parts.length > 1 ? parts[1] : null));
        }
        return seen;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<String> endpoints(List<Recommendation.Observed>... builds) {
        return Recommendation.ofBuilds(List.of(builds)).entries().stream().map(entry -> entry.endpoint().toString()).toList();
    }

    @Test
    void countsAndTimesOfAllBuildsStandBesideEachEntry() {
        Recommendation recommendation = Recommendation.ofBuilds(List.of(build(1, "a.example", "b.example"), build(2, "a.example"), build(3, "a.example")));
        Recommendation.Entry entry = recommendation.entries().get(0);
        assertThat(entry.count(), is(6L));
        assertThat(entry.builds(), is(3));
        assertThat(entry.firstSeen(), is("2026-11-01T10:00:00.000Z"));
        assertThat(entry.lastSeen(), is("2026-11-03T10:00:00.000Z"));
        assertThat(recommendation.jenkinsfile(), containsString(
                "'a.example:443', // 6 times in 3 of 3 builds, first 2026-11-01T10:00:00.000Z, last 2026-11-03T10:00:00.000Z\n"));
        assertThat(recommendation.jenkinsfile(), containsString("'b.example:443', // 1 time in 1 of 3 builds, 2026-11-01T10:00:00.000Z\n"));
    }

    @Test
    void decisionsOfPeopleGoBeforeWhatAReportSuspects() {
        Decisions decisions = new Decisions(List.of(new AllowedEndpoint(Endpoint.parse("*.cdn.example:443"))),
                List.of(new BlockedEndpoint(Endpoint.parse("bad.example:*"), "ticket 7")), List.of(Endpoint.parse("new.example:443")));
        List<Recommendation.Observed> seen = build(1, "a.cdn.example!seen only from preinstall of x", "bad.example:8080", "new.example", "old.example",
                "refused.example!it was refused").stream().map(decisions::of).toList();
        Recommendation recommendation = Recommendation.ofBuilds(List.of(seen, seen));
        assertThat(recommendation.text(), is("a.cdn.example:443\nold.example:443\n"));
        assertThat(recommendation.jenkinsfile(), containsString("// 'bad.example:8080', // review first: on the job's block list: ticket 7; "));
        assertThat(recommendation.jenkinsfile(), containsString("// 'new.example:443', // review first: new to the baseline, waits for a review; "));
        assertThat(recommendation.jenkinsfile(), containsString("// 'refused.example:443', // review first: it was refused; "));
        assertThat(Decisions.NONE.of(seen.get(0)), is(seen.get(0)));
    }

    @Test
    void namesThatRotateWithEachBuildBecomeAPattern() {
        Recommendation recommendation = Recommendation.ofBuilds(List.of(
                build(1, "c1.cdn.example.com", "c2.cdn.example.com"), build(2, "c3.cdn.example.com"), build(3, "c1.cdn.example.com", "c4.cdn.example.com")));
        assertThat(recommendation.text(), is("*.cdn.example.com:443\n"));
        Recommendation.Entry entry = recommendation.entries().get(0);
        assertThat(entry.collapsed(), contains("c1.cdn.example.com", "c2.cdn.example.com", "c3.cdn.example.com", "c4.cdn.example.com"));
        assertThat(entry.builds(), is(3));
        assertThat(recommendation.jenkinsfile(), containsString("for 4 names, new ones in each build: c1.cdn.example.com c2"));
    }

    @Test
    void withoutEvidenceOfRotationEachNameStands() {
        String[] four = {"c1.cdn.example.com", "c2.cdn.example.com", "c3.cdn.example.com", "c4.cdn.example.com"};
        assertThat("one build shows no change", endpoints(build(1, four)).size(), is(4));
        assertThat("the same in each build", endpoints(build(1, four), build(2, four), build(3, four)).size(), is(4));
        assertThat("two builds are too few", endpoints(build(1, four[0], four[1]), build(2, four[2], four[3])).size(), is(4));
        assertThat("it has come to rest", endpoints(build(1, four[0]), build(2, four[1], four[2], four[3]), build(3, four)).size(), is(4));
        assertThat("different ports", endpoints(build(1, four[0]), build(2, four[1] + ":80"), build(3, four[2], four[3])).size(), is(4));
    }

    @Test
    void neverAcrossAPublicSuffix() {
        assertThat(endpoints(build(1, "a.co.uk", "b.co.uk"), build(2, "c.co.uk"), build(3, "d.co.uk")), not(hasItem("*.co.uk:443")));
        assertThat(endpoints(build(1, "a.github.io", "b.github.io"), build(2, "c.github.io"), build(3, "d.github.io")), not(hasItem("*.github.io:443")));
        assertThat(endpoints(build(1, "a.com", "b.com"), build(2, "c.com"), build(3, "d.com")), not(hasItem("*.com:443")));
    }

    @Test
    void neverWhereAnybodyCanHaveAName() {
        assertThat(endpoints(build(1, "a.us-east-1.amazonaws.com", "b.us-east-1.amazonaws.com"), build(2, "c.us-east-1.amazonaws.com"),
                build(3, "d.us-east-1.amazonaws.com")).size(), is(4));
    }

    @Test
    void neverOverANameThatIsSuspicious() {
        assertThat(endpoints(build(1, "a.x.example", "b.x.example"), build(2, "c.x.example"), build(3, "d.x.example", "e.x.example!seen only from preinstall")).size(), is(5));
        assertThat(endpoints(build(1, "a.x.example", "b.x.example"), build(2, "c.x.example"), build(3, "d.x.example", "deep.e.x.example!it was refused")).size(), is(5));
    }

    @Test
    void whatAnotherBuildContactedWithoutSuspicionIsClear() {
        Recommendation recommendation = Recommendation.ofBuilds(List.of(build(1, "a.example!seen only from install of x"), build(2, "a.example")));
        assertThat(recommendation.text(), is("a.example:443\n"));
    }

    @Test
    void configurationAsCodeIsANamedPolicyWhoseReasonsAreTheCounts() throws IOException {
        Recommendation recommendation = Recommendation.ofBuilds(List.of(build(1, "a.example", "evil.test!seen only from preinstall of evil@1")));
        JsonNode policy = new YAMLMapper().readTree(recommendation.jcasc("team-app")).at("/security/hardenRunner/policies/0");
        assertThat(policy.path("name").asText(), is("team-app"));
        assertThat(policy.path("egressPolicy").asText(), is("block"));
        assertThat(EndpointLines.allowed(policy.path("allowedEndpoints").asText()),
                contains(new AllowedEndpoint(Endpoint.parse("a.example"), "1 time, 2026-11-01T10:00:00.000Z")));
        assertThat(recommendation.jcasc("team-app"), containsString("        # review first: evil.test:443 (seen only from preinstall of evil@1; 1 time"));
    }

    @Test
    void thePolicyFileReadsBack() throws IOException {
        Recommendation recommendation = Recommendation.ofBuilds(List.of(build(1, "a.example:80,443", "[2001:db8::1]:443", "udp://b.example:53", "c.example!x")));
        assertThat(PolicyDocument.scope(new YAMLMapper().readTree(recommendation.policy()), "p", pointer -> "").settings().allowed().toString(),
                is("[[2001:db8::1]:443, a.example:80,443, udp://b.example:53]"));
        assertThat(new YAMLMapper().readTree(Recommendation.of(List.of()).jcasc()).at("/security/hardenRunner/policies/0/allowedEndpoints").asText("?"), is(""));
    }

    @Test
    void exfilCapableHostsSaySo() {
        assertThat(Recommendation.of(build(1, "github.com")).jenkinsfile(), containsString(", exfil-capable (code-hosting)\n"));
    }
}
