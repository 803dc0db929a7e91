package io.jenkins.plugins.hardenrunner.collect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnDeviation;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.report.BaselineView;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static EffectivePolicy policy(OnViolation violation, OnDeviation deviation) {
        return EffectivePolicy.resolve(
                List.of(PolicyLayer.builder(Origin.STEP).onViolation(violation).onDeviation(deviation).build()));
    }

    private static Report report(String verdict, String... kinds) {
        Report report = new Report();
        report.verdict = verdict;
        report.launches = 1;
        for (String kind : kinds) {
            Report.Finding finding = new Report.Finding();
            finding.kind = kind;
            finding.message = "message of " + kind;
            report.findings.add(finding);
            if (kind.equals("baseline-deviation")) {
                report.deviations = List.of(new BaselineView.Deviation());
            }
        }
        return report;
    }

    @Test
    void aViolationThatIsLetPassDoesNotHideADeviation() {
        Report both = report("violated", "egress-blocked", "baseline-deviation");
        Outcome outcome = Outcome.of(policy(OnViolation.WARN, OnDeviation.FAIL), both);
        assertThat(outcome.effect(), is(Outcome.Effect.FAIL));
        assertThat(outcome.message(), containsString("not expected of it: message of baseline-deviation"));
        assertThat(Outcome.of(policy(OnViolation.WARN, OnDeviation.UNSTABLE), both).effect(), is(Outcome.Effect.UNSTABLE));
    }

    @Test
    void theStrongerOfBothHolds() {
        Report both = report("violated", "egress-blocked", "baseline-deviation");
        Outcome outcome = Outcome.of(policy(OnViolation.FAIL, OnDeviation.UNSTABLE), both);
        assertThat(outcome.effect(), is(Outcome.Effect.FAIL));
        assertThat(outcome.message(), containsString("the policy was violated: message of egress-blocked"));
    }

    @Test
    void oneAloneIsJudgedByItsOwn() {
        assertThat(Outcome.of(policy(OnViolation.WARN, OnDeviation.FAIL), report("violated", "egress-blocked")).effect(),
                is(Outcome.Effect.WARN));
        assertThat(Outcome.of(policy(OnViolation.FAIL, OnDeviation.IGNORE), report("deviates", "baseline-deviation")),
                is(new Outcome(Outcome.Effect.NONE, "")));
        assertThat(Outcome.of(policy(OnViolation.FAIL, OnDeviation.FAIL), report("ok")), is(new Outcome(Outcome.Effect.NONE, "")));
    }
}
