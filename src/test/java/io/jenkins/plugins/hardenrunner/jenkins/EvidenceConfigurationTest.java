package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import io.jenkins.plugins.hardenrunner.seal.EvidenceConfiguration;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class EvidenceConfigurationTest {
    private static void apply(String yaml) throws Exception {
        ConfigurationAsCode.get().configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void codeAndFormSetTheSame(JenkinsRule r) throws Exception {
        EvidenceConfiguration evidence = EvidenceConfiguration.get();
        assertThat(evidence.redaction(), is(Redaction.DEFAULT));
        assertThat(evidence.isAttestations(), is(false));
        apply("""
                security:
                  hardenRunnerEvidence:
                    eventDays: 30
                    attestations: true
                    redactedVariables: |
                      CORP_*

                      *_PIN
                    redactedPatterns: "corp_[A-Za-z0-9]{20,}"
                    redactedOptions: ""
                """);
        assertThat(evidence.redaction().variables(), contains("CORP_*", "*_PIN"));
        assertThat(evidence.redaction().patterns(), contains("corp_[A-Za-z0-9]{20,}"));
        assertThat(evidence.redaction().options().isEmpty(), is(true));
        assertThat(evidence.isAttestations(), is(true));
        Redaction before = evidence.redaction();
        r.configRoundtrip();
        assertThat(EvidenceConfiguration.get().redaction(), is(before));
        assertThat(EvidenceConfiguration.get().getEventDays(), is(30));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        assertThat(out.toString(StandardCharsets.UTF_8), containsString("redactedPatterns: \"corp_[A-Za-z0-9]{20,}\""));
    }

    @Test
    void whatIsWrongIsNamedAndNothingChanges(JenkinsRule r) {
        EvidenceConfiguration evidence = EvidenceConfiguration.get();
        PolicyException e = assertThrows(PolicyException.class, () -> evidence.setRedactedPatterns("fine_[a-z]{9}\na(b|c)d"));
        assertThat(e.getMessage(), containsString("pattern 'a(b|c)d': character 2: this character needs a backslash"));
        assertThat(evidence.redaction(), is(Redaction.DEFAULT));
        assertThat(evidence.doCheckRedactedPatterns("a(b|c)d").kind, is(FormValidation.Kind.ERROR));
        assertThat(evidence.doCheckRedactedVariables("*").kind, is(FormValidation.Kind.ERROR));
        assertThat(evidence.doCheckRedactedOptions("--a\n--b").kind, is(FormValidation.Kind.OK));
    }
}
