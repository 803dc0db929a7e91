package io.jenkins.plugins.hardenrunner.engine.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Origin GLOBAL = new Origin(Origin.Kind.GLOBAL, "");

    private static Report.Endpoint row(String name, String verdict, String rule) {
        Report.Endpoint row = new Report.Endpoint();
        row.name = name;
        row.address = "192.0.2.1";
        row.port = 443;
        row.protocol = "tcp";
        row.verdict = verdict;
        row.rule = rule;
        return row;
    }

    private static Explanation explained(EffectivePolicy policy, String name) {
        return explained(policy, name, Explanation.Context.JENKINS);
    }

    private static Explanation explained(EffectivePolicy policy, String name, Explanation.Context context) {
        Report.Endpoint row = row(name, "blocked", policy.decide(Target.parse(name)).ruleId());
        Explanation ofRow = Explanation.of(policy, row, context);
        Explanation ofTarget = Explanation.of(policy, Target.parse(name), policy.decide(Target.parse(name)), context);
        assertThat("report and 'policy explain' give the same remedy", ofRow.remedy(), is(ofTarget.remedy()));
        assertThat(ofRow.risk(), is(ofTarget.risk()));
        return ofRow;
    }

    @Test
    void aStepThatIsOverruledIsToldByWhomAndWhichLineOfTheJenkinsfileWouldAllow() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.AUDIT).build(),
                PolicyLayer.builder(new Origin(Origin.Kind.FLOOR, "folder 'team'")).egressPolicy(EgressPolicy.BLOCK).floor(true).build()));
        Explanation explanation = explained(policy, "a.example");
        assertThat(explanation.what(), is("a.example:443 was refused"));
        assertThat(explanation.why(), is("there are no allow rules; egress policy 'block' of floor of folder 'team', which overrules 'audit' of step"));
        assertThat(explanation.remedy(), is("If it is meant, add it: hardenRunner(allowedEndpoints: ['a.example:443']) in the Jenkinsfile."));
        assertThat(explanation.risk(), is(""));
    }

    @Test
    void onTheCommandLineTheRemedyIsAnOption() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(new Origin(Origin.Kind.COMMAND_LINE, "--egress-policy"))
                .egressPolicy(EgressPolicy.BLOCK).build()));
        assertThat(explained(policy, "a.example", Explanation.Context.COMMAND_LINE).remedy(),
                is("If it is meant, add it: allowedEndpoints: ['a.example:443'] or --allow 'a.example:443'."));
    }

    @Test
    void whoIsBeyondACeilingIsSentToTheOneWhoSetIt() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK).allow(Endpoint.parse("*.a.example:*")).build(),
                PolicyLayer.builder(GLOBAL).ceiling(List.of()).scope(1).build()));
        Explanation explanation = explained(policy, "x.a.example");
        assertThat(explanation.why(), containsString("the rule '*.a.example:*' of step goes beyond the ceiling of global configuration"));
        assertThat(explanation.remedy(), is("If it is meant, it must be added to the ceiling of global configuration: 'x.a.example:443'."));
    }

    @Test
    void aBlockListNamesItsReasonAndItself() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                PolicyLayer.builder(Origin.STEP).allow(Endpoint.parse("a.example")).build(),
                PolicyLayer.builder(new Origin(Origin.Kind.FOLDER, "team")).block(new BlockedEndpoint(Endpoint.parse("b.test"))).build(),
                PolicyLayer.builder(GLOBAL).block(new BlockedEndpoint(Endpoint.parse("a.example"), "phishing")).build()));
        Explanation global = explained(policy, "a.example");
        assertThat(global.why(), is("decided by block rule b2 'a.example:443' of global configuration, reason: phishing"));
        assertThat(global.remedy(), is("Remove 'a.example:443' from the block list of global configuration; an allow rule cannot overrule it."));
    }

    @Test
    void aFeedIsNamedAsTheListItIs() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(new Origin(Origin.Kind.FEED, "campaigns"))
                .block(new BlockedEndpoint(Endpoint.parse("a.example"), "stolen tokens")).build()));
        assertThat(explained(policy, "a.example").remedy(), startsWith("Remove 'a.example:443' from block-list feed 'campaigns';"));
    }

    @Test
    void whatCanCarryDataAwayIsMarked() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK).build()));
        assertThat(explained(policy, "webhook.site").risk(), startsWith("exfil-capable (request-catcher): made to show"));
        assertThat(explained(policy, "my-bucket.s3.eu-central-1.amazonaws.com").whyAndRisk(), containsString(". Risk: exfil-capable (object-storage)"));
        assertThat(Explanation.risk("notgithub.com:443"), is(""));
        assertThat(Explanation.risk("unix:/run/x"), is(""));
        assertThat(Explanation.risk("*.evil-\u0000.example:443"), is(""));
    }

    @Test
    void theReportMarksRulesThatAllowSuchHosts() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP)
                .allow(Endpoint.parse("github.com")).allow(Endpoint.parse("fine.example")).build()));
        Report.Policy view = PolicyView.of(policy, null);
        assertThat(view.rules.get(1).risk, startsWith("exfil-capable (code-hosting)"));
        assertThat(view.rules.get(0).risk == null, is(true));
    }
}
