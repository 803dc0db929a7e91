package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointLinesTest {
    @Test
    void reasonHoldsForTheEndpointsOfItsLine() {
        List<BlockedEndpoint> entries =
                EndpointLines.blocked("bad.example.com worse.example.com:80 # seen in an incident\n\nplain.example.com\n");
        assertThat(entries.stream().map(entry -> entry.endpoint().value()).toList(),
                contains("bad.example.com", "worse.example.com", "plain.example.com"));
        assertThat(entries.stream().map(BlockedEndpoint::reason).toList(),
                contains("seen in an incident", "seen in an incident", ""));
    }

    @Test
    void errorNamesTheLine() {
        PolicyException e = assertThrows(PolicyException.class, () -> EndpointLines.allowed("good.example.com\nbad..example.com"));
        assertThat(e.getMessage(), startsWith("line 2: endpoint 'bad..example.com', character 5"));
    }

    @Test
    void aLineOfWordsAfterTheHashIsAComment() {
        assertThat(EndpointLines.allowed("# our mirrors\n\n"), empty());
    }

    @Test
    void whatIsPrintedReadsBack() {
        List<AllowedEndpoint> entries = List.of(new AllowedEndpoint(Endpoint.parse("a.example"), "why not"), new AllowedEndpoint(Endpoint.parse("[::1]:80"), ""));
        assertThat(EndpointLines.allowed(EndpointLines.ofAllowed(entries)), is(entries));
    }
}
