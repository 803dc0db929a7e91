package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.config.PolicyDefinition;
import io.jenkins.plugins.hardenrunner.config.folder.FolderPolicy;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.List;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.html.HtmlForm;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class FolderPolicyTest {
    private static WorkflowJob job(Folder folder, String script) throws Exception {
        WorkflowJob job = folder.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    @Test
    void aFloorOfBlockHoldsThoughTheJenkinsfileSaysAudit(JenkinsRule r) throws Exception {
        Folder folder = r.createProject(Folder.class, "team");
        FolderPolicy policy = new FolderPolicy();
        policy.setMinimumEgressPolicy("block");
        folder.addProperty(policy);
        try (Local local = new Local()) {
            WorkflowRun b = r.buildAndAssertStatus(Result.FAILURE, job(folder, "node { hardenRunner(egressPolicy: 'audit', loopback: 'own') {"
                    + " sh(returnStatus: true, script: '" + local.curl() + "') } }"));
            assertThat(local.requests(), is(0));
            r.assertLogContains("[harden-runner] egressPolicy is 'block' because of the floor of folder 'team', which overrules 'audit' of step", b);
            Report report = Builds.report(b);
            assertThat(report.policy.egressPolicy, is("block"));
            assertThat(report.findings.stream().filter(finding -> finding.kind.equals("egress-blocked")).findFirst().orElseThrow().explanation,
                    containsString("egress policy 'block' of floor of folder 'team', which overrules 'audit' of step"));
        }
    }

    @Test
    void noStepOpensMetadataOrInboundUnderTheirFloor(JenkinsRule r) throws Exception {
        Folder folder = r.createProject(Folder.class, "team");
        FolderPolicy policy = new FolderPolicy();
        policy.setMinimumMetadata("deny");
        policy.setMinimumInbound("loopback");
        policy.setMinimumSni("check");
        folder.addProperty(policy);
        PolicyDefinition open = new PolicyDefinition("open");
        open.setMetadata("allow");
        open.setSni("off");
        policy.setPolicies(List.of(open));
        WorkflowRun b = r.buildAndAssertSuccess(job(folder, "node { hardenRunner(policy: 'open', inbound: 'allow') { sh 'true' } }"));
        r.assertLogContains("[harden-runner] inbound is 'loopback' because of the floor of folder 'team', which overrules 'allow' of step", b);
        r.assertLogContains("[harden-runner] metadata is 'deny' because of the floor of folder 'team', which overrules 'allow' of folder policy 'team/open'", b);
        Report.Policy effective = Builds.report(b).policy;
        assertThat(effective.metadata, is("deny"));
        assertThat(effective.sni, is("check"));
        assertThat(effective.inbound, is("loopback"));
        for (Report.Trace entry : effective.trace.stream().filter(entry -> List.of("metadata", "sni").contains(entry.setting)).toList()) {
            assertThat(entry.setting, entry.origin, is("floor of folder 'team'"));
            assertThat(entry.setting, entry.overruled.get(0).origin, is("folder policy 'team/open'"));
        }
    }

    @Test
    void foldersAreHeardFromInsideToOutside(JenkinsRule r) throws Exception {
        HardenRunnerConfiguration global = HardenRunnerConfiguration.get();
        PolicyDefinition base = new PolicyDefinition("base");
        base.setAllowedEndpoints("packages.example.com");
        global.setPolicies(List.of(base));
        global.setLimited(true);
        global.setCeilingEndpoints("*.example.com");
        Folder outer = r.createProject(Folder.class, "outer");
        FolderPolicy outerPolicy = new FolderPolicy();
        PolicyDefinition team = new PolicyDefinition("team");
        team.setExtends("base");
        team.setAllowedEndpoints("team.example.com other.example.org");
        outerPolicy.setPolicies(List.of(team));
        outerPolicy.setDefaultPolicy("team");
        outer.addProperty(outerPolicy);
        Folder inner = outer.createProject(Folder.class, "inner");
        WorkflowRun b = r.buildAndAssertSuccess(job(inner, "node { hardenRunner { sh 'true' } }"));
        Report report = Builds.report(b);
        assertThat(report.policy.rules.stream().map(rule -> rule.endpoint + " " + rule.origin).toList().toString(),
                is("[team.example.com:443 folder policy 'outer/team', packages.example.com:443 global policy 'base']"));
        r.assertLogContains("the allow rule 'other.example.org:443' of folder policy 'outer/team' does not hold:"
                + " it goes beyond the ceiling of global configuration", b);
        assertThat(global.doTryIt("team.example.com", "outer/inner/job", "").getMessage(), containsString("team.example.com:443: allowed"));
        assertThat(global.doTryIt("team.example.com", "", "").getMessage(), containsString("team.example.com:443: would-block"));
    }

    @Test
    void aPolicyThatIsNotDefinedFailsTheStep(JenkinsRule r) throws Exception {
        Folder folder = r.createProject(Folder.class, "f");
        WorkflowRun b = r.buildAndAssertStatus(Result.FAILURE, job(folder, "node { hardenRunner(policy: 'pipy') { sh 'true' } }"));
        r.assertLogContains("Harden Runner: the policy 'pipy', which the step names, is not defined; did you mean 'pypi'?", b);
        r.assertLogNotContains("+ true", b);
    }

    @Test
    void theFormKeepsEverythingAndRefusesWhatCannotBeUsed(JenkinsRule r) throws Exception {
        Folder folder = r.createProject(Folder.class, "team");
        FolderPolicy before = new FolderPolicy();
        before.setEgressPolicy("block");
        before.setMinimumFilePolicy("audit");
        before.setInbound("loopback");
        before.setSni("check");
        before.setMinimumInbound("loopback");
        before.setMinimumSni("check");
        before.setMinimumMetadata("deny");
        before.setLimited(true);
        before.setCeilingEndpoints("*.example.com:443");
        before.setBlockedEndpoints("bad.example # why");
        PolicyDefinition definition = new PolicyDefinition("team");
        definition.setExtends("pypi");
        definition.setDnsUpstream("192.0.2.53");
        before.setPolicies(List.of(definition));
        before.setDefaultPolicy("team");
        folder.addProperty(before);
        r.configRoundtrip(folder);
        FolderPolicy after = folder.getProperties().get(FolderPolicy.class);
        r.assertEqualDataBoundBeans(before, after);
        assertThat(after.getPolicies().get(0).getDnsUpstream(), is("192.0.2.53"));
        assertThat(after.getFilePolicy(), nullValue());
        HtmlForm form = r.createWebClient().getPage(folder, "configure").getFormByName("config");
        form.getTextAreasByName("_.blockedEndpoints").get(0).setText("*.co.uk");
        assertThrows(FailingHttpStatusCodeException.class, () -> r.submit(form));
        assertThat(folder.getProperties().get(FolderPolicy.class).getBlockedEndpoints(), is("bad.example # why"));
    }
}
