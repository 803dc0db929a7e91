package io.jenkins.plugins.hardenrunner.engine.recommend;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GitHubActionTest {
    @Test
    void readsAStepOfAWorkflow() {
        GitHubAction.Imported imported = GitHubAction.parse("""
                - name: Harden the runner
                  uses: step-security/harden-runner@v2 # v2.13.0
                  with:
                    disable-sudo: true
                    egress-policy: block
                    allowed-endpoints: >
                      api.github.com:443
                      *.cdn.example.com:443   # a comment
                      packages.example.com
                    disable-telemetry: "true"
                """);
        assertThat(imported.layer().egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(imported.layer().allowed().toString(), is("[api.github.com:443, *.cdn.example.com:443, packages.example.com:443]"));
        assertThat(imported.ignored(), contains("disable-sudo", "disable-telemetry"));
    }

    @Test
    void readsTheBareListAndOtherScalars() {
        assertThat(GitHubAction.parse("a.example:443\nb.example:80 c.example:22").layer().allowed().size(), is(3));
        assertThat(GitHubAction.parse("allowed-endpoints: 'a.example:443 b.example:80'\n").layer().allowed().size(), is(2));
        assertThat(GitHubAction.parse("allowed-endpoints: |-\n  a.example:443\n").layer().allowed().size(), is(1));
        assertThat(GitHubAction.parse("").ignored(), empty());
    }

    @Test
    void errorsNameTheLine() {
        assertThat(assertThrows(PolicyException.class, () -> GitHubAction.parse("allowed-endpoints: >\n  a.example:443\n  https://b.example/x")).getMessage(),
                containsString("line 3: endpoint 'https://b.example/x', character 3"));
        assertThat(assertThrows(PolicyException.class, () -> GitHubAction.parse("egress-policy: blok")).getMessage(), containsString("line 1: 'blok'"));
        assertThat(assertThrows(PolicyException.class, () -> GitHubAction.parse("disable-file-monitoring: >\n  x.example")).getMessage(),
                containsString("line 2: 'x.example' belongs to no input"));
    }

    @Test
    void everyLineThatCannotBeUsedIsNamedAndTheOthersAreRead() {
        GitHubAction.Imported imported = GitHubAction.read("""
                egress-policy: blok
                allowed-endpoints: >
                  a.example:443 https://b.example/x c.example
                  *.co.uk:443
                disable-sudo: true
                  stray.example
                """);
        assertThat(imported.layer().allowed().toString(), is("[a.example:443, c.example:443]"));
        assertThat(imported.ignored(), contains("disable-sudo"));
        assertThat(imported.problems(), contains(containsString("line 1: 'blok'"), containsString("line 3: endpoint 'https://b.example/x', character 17"),
                containsString("line 4: endpoint '*.co.uk:443', character 3"), containsString("line 6: 'stray.example' belongs to no input")));
    }

    @Property(tries = 200)
    void whatIsExportedIsImported(@ForAll("endpoints") List<Endpoint> endpoints) {
        List<Recommendation.Observed> seen = endpoints.stream().map(e -> new Recommendation.Observed(e, 1, "", "", null)).toList();
        Recommendation recommendation = Recommendation.of(seen);
        GitHubAction.Imported imported = GitHubAction.parse(recommendation.github());
        assertEquals(recommendation.entries().stream().map(Recommendation.Entry::endpoint).toList(), imported.layer().allowed());
        assertEquals(EgressPolicy.BLOCK, imported.layer().egressPolicy());
    }

    @Test
    void whatTheActionCannotSayStandsAsAComment() {
        String text = Recommendation.of(List.of(new Recommendation.Observed(Endpoint.parse("udp://a.example:53"), 1, "", "", null),
                new Recommendation.Observed(Endpoint.parse("evil.test"), 1, "", "", "seen only from preinstall of x"))).github();
        assertThat(text, is("# review first: evil.test:443 (seen only from preinstall of x)\n# the action has no UDP rules: udp://a.example:53\n"
                + "egress-policy: block\nallowed-endpoints: >\n"));
    }

    @Provide
    static Arbitrary<List<Endpoint>> endpoints() {
        return Arbitraries.of("a.example:443", "b.example:80,443", "*.c.example:8000-8100", "192.0.2.0/24:443", "[2001:db8::1]:22", "d.example:*")
                .map(Endpoint::parse).list().ofMaxSize(6);
    }
}
