package io.jenkins.plugins.hardenrunner.collect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class LaunchPolicyTest {
    private static String rendered(String nonce) {
        return PolicyFile.render(EffectivePolicy.resolve(List.of()),
                LaunchOptions.builder().nonce(nonce).protectPaths(List.of("/w/a", "/w/b c")).limitEvents(1000).build());
    }

    @Test
    void isThePolicyFileWithTheLaunchsOwnNonce() throws Exception {
        LaunchPolicy policy = new LaunchPolicy(rendered(LaunchPolicy.PLACEHOLDER));
        for (String nonce : List.of("00ff", "ab".repeat(32))) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(policy.with(nonce)))) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII), is(rendered(nonce)));
            }
        }
    }

    @Test
    void anotherNonceIsNotReplaced() {
        assertThrows(IllegalArgumentException.class, () -> new LaunchPolicy(rendered("00ff")));
    }
}
