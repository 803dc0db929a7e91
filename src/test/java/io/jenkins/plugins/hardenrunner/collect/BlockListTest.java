package io.jenkins.plugins.hardenrunner.collect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockListTest {
    @Test
    void reasonHoldsForTheEndpointsOfItsLine() {
        List<BlockedEndpoint> entries =
                BlockList.parse("bad.example.com worse.example.com:80 # seen in an incident\n\nplain.example.com\n");
        assertThat(entries.stream().map(entry -> entry.endpoint().value()).toList(),
                contains("bad.example.com", "worse.example.com", "plain.example.com"));
        assertThat(entries.stream().map(BlockedEndpoint::reason).toList(),
                contains("seen in an incident", "seen in an incident", ""));
    }

    @Test
    void errorNamesTheLine() {
        PolicyException e = assertThrows(PolicyException.class, () -> BlockList.parse("good.example.com\nbad..example.com"));
        assertThat(e.getMessage(), startsWith("line 2: "));
    }

    @Test
    void reasonAloneIsAMistake() {
        PolicyException e = assertThrows(PolicyException.class, () -> BlockList.parse("# only a comment"));
        assertThat(e.getMessage(), is("line 1: a reason without an endpoint before it"));
    }
}
