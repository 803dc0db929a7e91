package io.jenkins.plugins.hardenrunner.engine.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportBuilderTest {
    private static final LaunchInfo LAUNCH = new LaunchInfo("1", "sh", "Build", "agent-1", EventLog.NONCE);

    private static EffectivePolicy policy(EgressPolicy egress, String... allowed) {
        return EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP).egressPolicy(egress)
                .allow(Endpoint.parseList(String.join(" ", allowed))).build()));
    }

    private static Report build(EffectivePolicy policy, EventLog log) throws IOException {
        ReportBuilder builder = new ReportBuilder(policy);
        builder.readEvents(LAUNCH, log.stream());
        return builder.build();
    }

    /** The goat: sh build.sh → npm install → sh -c (preinstall of evil) → node. */
    private static EventLog goat() {
        return new EventLog().start("sh", "build.sh")
                .process(1, 0, "/bin/sh", "/ws", "sh", "build.sh")
                .process(2, 1, "/usr/bin/node", "/ws", "npm install")
                .npm(3, 2, "/bin/sh", "/packages/evil", "evil", "1.0.0", "preinstall", "sh", "-c", "node preinstall.js")
                .npm(4, 3, "/usr/bin/node", "/packages/evil", "evil", "1.0.0", "preinstall", "node", "preinstall.js");
    }

    private static Report.Finding finding(Report report, String kind) {
        return report.findings.stream().filter(f -> f.kind.equals(kind)).findFirst().orElseThrow(
                () -> new AssertionError("no " + kind + " in " + report.findings.stream().map(f -> f.kind).toList()));
    }

    private static List<String> kinds(Report report) {
        return report.findings.stream().map(f -> f.kind).toList();
    }

    @Test
    void aCallOfALifecycleScriptIsTracedFromTheEndpointToThePackage() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), goat()
                .dns(4, "attacker.test", "would-block", "default")
                .connect(4, "127.0.0.9", 443, "attacker.test", "would-block", "default").end(0));
        assertThat(report.state, is("enforced"));
        assertThat(report.endpoints, hasSize(1));
        Report.Endpoint endpoint = report.endpoints.get(0);
        assertThat(endpoint.name + ":" + endpoint.port, is("attacker.test:443"));
        assertThat(endpoint.verdict, is("would-block"));
        Report.Lineage lineage = report.lineages.get(0);
        assertThat(endpoint.lineages, contains(lineage.id));
        assertThat(lineage.processes.stream().map(p -> String.join(" ", p.argv)).toList(),
                contains("node preinstall.js", "sh -c node preinstall.js", "npm install", "sh build.sh"));
        assertThat(lineage.packageName, is("evil"));
        assertThat(lineage.packageVersion, is("1.0.0"));
        assertThat(lineage.script, is("preinstall"));
        assertThat(lineage.step, is("sh"));
        assertThat(lineage.stage, is("Build"));
        // No allow list says what is expected, but this is not "ok".
        assertThat(report.verdict, is("deviates"));
        Report.Finding finding = finding(report, "lifecycle-script-egress");
        assertThat(finding.severity, is("high"));
        assertThat(finding.message, is("The preinstall script of evil@1.0.0 contacted attacker.test:443"));
        assertThat(finding.evidence.lineages, is(endpoint.lineages));
    }

    @Test
    void connectionsFromOutsideStandByPeerAndPortAndAreNoEndpoint() throws IOException {
        String accept = "'p':4,'pid':104,'op':'accept','proto':'tcp','addr':'198.51.100.9','local':'192.0.2.1','localPort':8080,"
                + "'verdict':'allowed','rule':'default',";
        Report report = build(policy(EgressPolicy.BLOCK), goat()
                .add("net", accept + "'port':40000,'count':1").add("net", accept + "'port':40977,'count':976").end(0));
        assertThat(report.endpoints, hasSize(0));
        assertThat(report.peers, hasSize(1));
        Report.Peer peer = report.peers.get(0);
        assertThat(peer.address + " to " + peer.local + ":" + peer.localPort, is("198.51.100.9 to 192.0.2.1:8080"));
        assertThat(peer.count, is(977L));
        assertThat(peer.lineages, contains(report.lineages.get(0).id));
        assertThat(report.verdict, is("ok"));
        assertThat(report.findings, hasSize(0));
    }

    /** A host that somebody allowed is no surprise: a medium finding, and the recommendation keeps it. */
    @Test
    void listenersStandBesideTheEndpointsAndAreNoViolation() throws IOException {
        Report report = build(policy(EgressPolicy.BLOCK), goat()
                .add("net", "'p':4,'pid':104,'op':'listen','proto':'tcp','addr':'0.0.0.0','port':8080,'verdict':'allowed','rule':'own-listener'")
                .add("net", "'p':4,'pid':104,'op':'listen','proto':'tcp','addr':'0.0.0.0','port':8080,'verdict':'allowed','rule':'own-listener'")
                .end(0));
        assertThat(report.endpoints, hasSize(0));
        assertThat(report.listeners, hasSize(1));
        assertThat(report.listeners.get(0).address + ":" + report.listeners.get(0).port, is("0.0.0.0:8080"));
        assertThat(report.listeners.get(0).count, is(2L));
        assertThat(report.listeners.get(0).lineages, contains(report.lineages.get(0).id));
        assertThat(report.verdict, is("ok"));
    }

    @Test
    void aCallOfALifecycleScriptThatARuleAllowsIsNoDeviation() throws IOException {
        Report report = build(policy(EgressPolicy.BLOCK, "cdn.example"),
                goat().connect(4, "192.0.2.1", 443, "cdn.example", "allowed", "a1").end(0));
        assertThat(finding(report, "lifecycle-script-egress").severity, is("medium"));
        assertThat(report.verdict, is("ok"));
        assertThat(report.recommendation.text, is("cdn.example:443\n"));
    }

    @Test
    void sudoThatCannotWorkIsExplained() throws IOException {
        Report report = build(policy(EgressPolicy.BLOCK),
                goat().add("refused", "'p':4,'pid':104,'what':'privilege','detail':'set-user-ID rights of /usr/bin/sudo',"
                        + "'errno':'EPERM'").end(1));
        Report.Finding finding = finding(report, "syscall-refused");
        assertThat(finding.message, containsString("set-user-ID rights of /usr/bin/sudo was refused with EPERM, 1 times by"));
        assertThat(finding.explanation, containsString("sudo and other set-user-ID programs run with the rights of their caller"));
        assertThat(finding.remedy, containsString("before the block"));
    }

    @Test
    void aRefusedCallSaysWhichRuleAndWhatWouldAllowIt() throws IOException {
        Report report = build(policy(EgressPolicy.BLOCK, "registry.test"),
                goat().connect(4, "127.0.0.9", 443, "attacker.test", "blocked", "default").end(1));
        assertThat(report.verdict, is("violated"));
        Report.Finding finding = finding(report, "egress-blocked");
        assertThat(finding.message, containsString("attacker.test:443 was refused by node preinstall.js (pid 104)"));
        assertThat(finding.explanation, containsString("No allow rule matches; egress policy 'block' of step"));
        assertThat(finding.remedy, containsString("allowedEndpoints: ['attacker.test:443'] or --allow 'attacker.test:443'"));
        assertThat(finding(report, "lifecycle-script-egress").message, endsWith("attacker.test:443 and was refused"));
        assertThat(report.exitCode, is(1));
    }

    @Test
    void aBlockListEntryIsExplainedWithItsReasonAndOrigin() throws IOException {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(new Origin(Origin.Kind.GLOBAL, "default"))
                .block(new BlockedEndpoint(Endpoint.parse("bad.example"), "known exfiltration host")).build()));
        Report report = build(policy, goat().dns(1, "bad.example", "blocked", "b1").end(0));
        Report.Finding finding = finding(report, "egress-blocked");
        assertThat(finding.explanation, containsString("ecided by block rule b1 'bad.example:443' of global policy 'default', reason: known exfiltration host"));
        assertThat(finding.remedy, containsString("an allow rule cannot overrule it"));
        assertThat(report.verdict, is("violated"));
        assertThat(report.recommendation.allowedEndpoints, empty());
    }

    @Test
    void theProjectsOwnInstallScriptIsNoDependency() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog().start("npm", "install")
                .process(1, 0, "/usr/bin/node", "/ws", "npm install")
                .npm(2, 1, "/bin/sh", "/ws", "app", "1.0.0", "postinstall", "sh", "-c", "node fetch.js")
                .npm(3, 2, "/usr/bin/node", "/ws", "app", "1.0.0", "postinstall", "node", "fetch.js")
                .connect(3, "192.0.2.1", 443, "cdn.example", "would-block", "default").end(0));
        assertThat(kinds(report), empty());
        assertThat(report.recommendation.text, is("cdn.example:443\n"));
    }

    @Test
    void theRecommendationKeepsTheBuildAndLeavesTheAttackerOut() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), goat()
                .connect(2, "127.0.0.8", 443, "registry.test", "would-block", "default")
                .connect(4, "127.0.0.9", 443, "attacker.test", "would-block", "default")
                .connect(1, "192.0.2.7", 8080, null, "would-block", "default").end(0));
        assertThat(report.recommendation.text, is("192.0.2.7:8080\nregistry.test:443\n"));
        assertThat(report.recommendation.jenkinsfile, containsString("        'registry.test:443', // 1 time, 20"));
        assertThat(report.recommendation.jenkinsfile,
                containsString("        // 'attacker.test:443', // review first: seen only from preinstall of evil@1.0.0"));
        assertThat(report.recommendation.jcasc, containsString("        allowedEndpoints: |\n          192.0.2.7:8080 # 1 time, 20"));
        assertThat(report.recommendation.allowedEndpoints.get(1).note, is("seen only from preinstall of evil@1.0.0"));
    }

    /** Groovy expands unicode escapes even in comments: a package name must not write a Jenkinsfile. */
    @Test
    void aHostilePackageNameCannotLeaveItsComment() throws IOException {
        String name = "evil\\\\u000a*/ sh id";
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog().start("npm")
                .process(1, 0, "/usr/bin/node", "/ws", "npm install")
                .npm(2, 1, "/bin/sh", "/dep", name, "1", "install", "sh")
                .connect(2, "192.0.2.1", 443, "a.example", "would-block", "default").end(0));
        assertThat(report.recommendation.allowedEndpoints.get(0).note, containsString("\\u000a"));
        assertThat(report.recommendation.jenkinsfile, not(containsString("\\")));
        assertThat(report.recommendation.jcasc, not(containsString("\\")));
        report.recommendation.jenkinsfile.lines().filter(line -> line.contains("evil"))
                .forEach(line -> assertThat(line.strip().startsWith("//"), is(true)));
    }

    @Test
    void namesThatCarryDataOutAreATunnel() throws IOException {
        EventLog log = goat();
        for (int i = 0; i < 8; i++) {
            log.dns(4, ("a" + i).repeat(30) + ".malicious.test", "would-block", "default");
        }
        Report report = build(policy(EgressPolicy.AUDIT), log.end(0));
        Report.Finding finding = finding(report, "dns-tunnelling");
        assertThat(finding.severity, is("critical"));
        assertThat(finding.message, containsString("malicious.test"));
        assertThat(finding.explanation, containsString("8 different labels of 40 or more characters (threshold 5)"));
        // The names hold what was to be stolen: neither finding nor log repeats them.
        assertThat(finding.explanation, containsString("a0a0…(60 characters).malicious.test"));
        assertThat(String.join("\n", ConsoleSummary.lines(report)), not(containsString("a0a0a0")));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.endpoints.get(0).name, is("*.malicious.test"));
        assertThat(report.endpoints.get(0).count, is(8L));
        assertThat(report.recommendation.text, is(""));
        assertThat(finding(report, "lifecycle-script-egress").message, containsString("*.malicious.test"));
    }

    @Test
    void fewLongNamesAreNoTunnelAndManyShortOnesAre() throws IOException {
        EventLog few = goat();
        for (int i = 0; i < DnsTunnelling.LONG_LABELS - 1; i++) {
            few.dns(1, "b".repeat(50) + i + ".cdn.example", "allowed", "a1");
        }
        for (int i = 0; i < 100; i++) {
            few.dns(1, "b".repeat(50) + "1.cdn.example", "allowed", "a1");
        }
        assertThat(kinds(build(policy(EgressPolicy.AUDIT), few.end(0))), not(hasItem("dns-tunnelling")));
        EventLog many = goat();
        for (int i = 0; i < DnsTunnelling.NAMES; i++) {
            many.dns(1, "x" + i + ".many.example", "blocked", "default");
        }
        Report.Finding finding = finding(build(policy(EgressPolicy.BLOCK), many.end(0)), "dns-tunnelling");
        assertThat(finding.severity, is("high"));
        assertThat(finding.explanation, containsString("50 different names (threshold 50)"));
    }

    @Test
    void aChangedSourceNamesItsDigestsAndWhoDidIt() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT)).tracked("/ws/index.js"::equals);
        builder.readEvents(LAUNCH, goat().write(4, "/ws/index.js", "would-block", "protected").write(2, "/ws/out", "allowed", "default").end(0).stream());
        assertThat(builder.touchedPaths(), hasItem("/ws/index.js"));
        builder.sourceChanges(List.of(new SourceChange("/ws/index.js", "blob:aa", "blob:bb", SourceChange.Kind.MODIFIED, "-a\n+b\n")));
        Report report = builder.build();
        assertThat(report.verdict, is("violated"));
        Report.File file = report.files.get(0);
        assertThat(file.path, is("/ws/index.js"));
        assertThat(file.tracked, is(true));
        assertThat(List.of(file.before, file.after, file.diff, file.rule), contains("blob:aa", "blob:bb", "-a\n+b\n", "protected"));
        Report.Finding finding = finding(report, "source-tampered");
        assertThat(finding.severity, is("critical"));
        assertThat(finding.message, is("/ws/index.js is under version control and was changed (modified) by the preinstall script of evil@1.0.0"));
        assertThat(finding.evidence.lineages, is(file.lineages));
        assertThat(report.fileSummary.written, is(2L));
    }

    @Test
    void aSourceThatWasWrittenWithTheSameContentIsNoViolation() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT)).tracked("/ws/index.js"::equals);
        builder.readEvents(LAUNCH, goat().write(1, "/ws/index.js", "would-block", "protected").end(0).stream());
        Report report = builder.build();
        assertThat(report.verdict, is("ok"));
        assertThat(kinds(report), empty());
        assertThat(report.files.get(0).tracked, is(true));
    }

    @Test
    void aProtectedPathThatIsNotTrackedIsAViolation() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), goat().write(1, "/ws/.git/hooks/post-commit", "would-block", "protected").end(0));
        assertThat(report.verdict, is("violated"));
        assertThat(finding(report, "source-tampered").evidence.path, is("/ws/.git/hooks/post-commit"));
    }

    @Test
    void aChangeThatNoProcessWasSeenMakingIsUnattributed() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        builder.readEvents(LAUNCH, goat().end(0).stream());
        builder.sourceChanges(List.of(new SourceChange("/ws/a", "blob:aa", null, SourceChange.Kind.DELETED, null)));
        assertThat(finding(builder.build(), "unattributed-change").severity, is("high"));
    }

    @Test
    void inAuditUnexpectedEndpointsDeviateOnlyIfSomebodySaidWhatIsExpected() throws IOException {
        EventLog log = goat().connect(1, "192.0.2.1", 443, "a.example", "would-block", "default").end(0);
        Report unspoken = build(policy(EgressPolicy.AUDIT), log);
        assertThat(unspoken.verdict, is("ok"));
        assertThat(kinds(unspoken), empty());
        Report spoken = build(policy(EgressPolicy.AUDIT, "b.example"), log);
        assertThat(spoken.verdict, is("deviates"));
        assertThat(finding(spoken, "egress-would-block").severity, is("medium"));
    }

    @Test
    void metadataAccessIsAFindingOfItsOwn() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), goat().connect(1, "169.254.169.254", 80, null, "would-block", "metadata").end(0));
        assertThat(finding(report, "metadata-access").severity, is("high"));
        assertThat(report.recommendation.text, is(""));
        assertThat(report.recommendation.allowedEndpoints.get(0).note, containsString("metadata"));
    }

    @Test
    void socketsOfNameCachesAreNeitherListedNorAViolation() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), goat()
                .add("net", "'p':1,'pid':101,'op':'connect','proto':'unix','path':'/var/run/nscd/socket','verdict':'blocked','rule':'unix'")
                .end(0));
        assertThat(report.endpoints, empty());
        assertThat(report.verdict, is("ok"));
    }

    @Test
    void alteredEvidenceIsACriticalViolation() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        builder.readEvents(LAUNCH, EventLog.stream(goat().connect(1, "192.0.2.1", 443, null, "allowed", "a1").end(0).text().replace("192.0.2.1", "192.0.2.2")));
        Report report = builder.build();
        assertThat(report.integrity.intact, is(false));
        assertThat(report.verdict, is("violated"));
        assertThat(finding(report, "evidence-tampered").severity, is("critical"));
    }

    @Test
    void aLaunchWithoutClosingRecordLostEvidenceUnlessItStillRuns() throws IOException {
        EventLog log = goat().add("exit", "'status':0,'signal':0");
        Report lost = build(policy(EgressPolicy.AUDIT), log);
        assertThat(lost.verdict, is("violated"));
        assertThat(kinds(lost), contains("evidence-missing"));
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        builder.readEvents(LAUNCH.withRunning(true), log.stream());
        Report running = builder.build();
        assertThat(running.verdict, is("ok"));
        assertThat(running.coverage.get(0).subject, is("processes still running"));
        assertThat(running.exitCode, is(0));
    }

    @Test
    void nothingSupervisedIsNeverOk() throws IOException {
        Report none = new ReportBuilder(policy(EgressPolicy.BLOCK)).build();
        assertThat(none.verdict, is("not-supervised"));
        assertThat(none.state, is("off"));
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.BLOCK));
        builder.readEvents(LAUNCH, EventLog.stream(""));
        assertThat(builder.build().verdict, is("not-supervised"));
        Report half = new ReportBuilder(policy(EgressPolicy.BLOCK)).unsupervised("2", "container").build();
        assertThat(half.verdict, is("not-supervised"));
    }

    @Test
    void oneUnsupervisedLaunchDegradesTheOthers() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        builder.readEvents(LAUNCH, goat().end(0).stream());
        Report report = builder.unsupervised("2", "the launch ran in a container").build();
        assertThat(report.state, is("degraded"));
        assertThat(finding(report, "not-supervised").message, containsString("the launch ran in a container"));
    }

    @Test
    void missingProtectionsAreNamed() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog()
                .startIn("degraded", "{'protection':'signal-scope','reason':'Landlock ABI 4'}", "true").end(0));
        assertThat(report.state, is("degraded"));
        assertThat(report.degraded.get(0).protection, is("signal-scope"));
        assertThat(finding(report, "degraded").explanation, is("Landlock ABI 4"));
    }

    @Test
    void parentsThatFormACircleEnd() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog().start("x")
                .process(1, 2, "/a", "/", "a").process(2, 1, "/b", "/", "b")
                .connect(1, "192.0.2.1", 443, null, "allowed", "a1").end(0));
        assertThat(report.lineages.get(0).processes, hasSize(2));
    }

    @Test
    void anImageThatNoEventDescribesLeavesAnEmptyChain() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog().start("x").connect(77, "192.0.2.1", 443, null, "allowed", "a1").end(0));
        assertThat(report.lineages.get(0).processes, empty());
        assertThat(ConsoleSummary.lines(report).get(2), containsString("?"));
    }

    @Test
    void theStatusOfAWrapperIsNotThatOfTheCommand() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT)).ended(1_900_000_000_000L);
        builder.readEvents(LAUNCH.withWrapped(List.of("sh", "npm install")), goat().end(0).stream());
        Report report = builder.build();
        assertThat(report.exitCode, nullValue());
        assertThat(report.launchDetails.get(0).exitCode, nullValue());
        assertThat(report.command, contains("sh", "npm install"));
        assertThat(report.launchDetails.get(0).command, is(report.command));
        assertThat(report.ended, is("2030-03-17T17:46:40.000Z"));
    }

    @Test
    void ofSeveralLaunchesNoneIsTheCommand() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        builder.readEvents(new LaunchInfo("1", "sh", null, null, EventLog.NONCE), new EventLog().start("false").end(1).stream());
        builder.readEvents(new LaunchInfo("2", "sh", null, null, EventLog.NONCE), new EventLog().start("true").end(0).stream());
        Report report = builder.build();
        assertThat(report.exitCode, nullValue());
        assertThat(report.command, empty());
        assertThat(report.launchDetails.stream().map(l -> l.exitCode + " " + l.command.get(0)).toList(),
                contains("1 false", "0 true"));
    }

    @Test
    void remediesFitWhereThePolicyIsWritten() throws IOException {
        EventLog log = goat().connect(4, "192.0.2.1", 443, "evil.example", "blocked", "default").end(0);
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.BLOCK)).context(Explanation.Context.JENKINS);
        builder.readEvents(LAUNCH, log.stream());
        assertThat(finding(builder.build(), "egress-blocked").remedy,
                is("If it is meant, add it: hardenRunner(allowedEndpoints: ['evil.example:443']) in the Jenkinsfile."));
        assertThat(finding(build(policy(EgressPolicy.BLOCK), log), "egress-blocked").remedy,
                is("If it is meant, add it: allowedEndpoints: ['evil.example:443'] or --allow 'evil.example:443'."));
    }

    @Test
    void equalEventsAreCountedAndDifferentLaunchesKept() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        for (String id : List.of("1", "2")) {
            EventLog log = goat();
            for (int i = 0; i < 500; i++) {
                log.connect(1, "192.0.2.1", 443, "a.example", "allowed", "a1");
            }
            builder.readEvents(new LaunchInfo(id, "sh", null, null, EventLog.NONCE), log.end(0).stream());
        }
        Report report = builder.build();
        assertThat(report.launches, is(2));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.endpoints.get(0).count, is(1000L));
        assertThat(report.endpoints.get(0).lineages, hasSize(2));
        assertThat(report.processes, hasSize(8));
    }

    @Test
    void aFloodOfDestinationsIsCutAndSaidSo() throws IOException {
        EventLog log = goat();
        for (int i = 0; i < 12_000; i++) {
            log.connect(1, "10." + (i >> 8) + "." + (i & 255) + ".1", 443, null, "allowed", "a1");
        }
        Report report = build(policy(EgressPolicy.AUDIT), log.end(0));
        assertThat(report.endpoints.size(), lessThan(12_000));
        assertThat(report.truncated, is(true));
        assertThat(finding(report, "truncated").severity, is("low"));
        assertThat(report.dropped, is(0L));
        assertThat(finding(report, "truncated").message, is("Not everything was recorded in detail"));
    }

    @Test
    void theSameEventsBuildTwice() throws IOException {
        ReportBuilder builder = new ReportBuilder(policy(EgressPolicy.AUDIT));
        builder.readEvents(LAUNCH, goat().connect(1, "192.0.2.1", 443, null, "allowed", "a1").end(0).stream());
        assertThat(json(builder.build()), is(json(builder.build())));
    }

    @Test
    void aReportReadsBackAsItWasWritten() throws IOException {
        Report report = build(policy(EgressPolicy.BLOCK, "a.example"), goat()
                .connect(4, "127.0.0.9", 443, "attacker.test", "blocked", "default")
                .write(4, "/ws/x", "blocked", "protected").end(1));
        String json = json(report);
        Report read = ReportJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        assertThat(json(read), is(json));
        assertThat(read.redactions, nullValue());
    }

    private static String json(Report report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportJson.write(report, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFileThatIsNoReportIsRefusedWithTheReason() {
        for (String text : List.of("", "[]", "{}", "{\"schema\":2}", "{\"schema\":1,\"launches\":\"x\"}", "{\"schema\":1", "\u0000")) {
            IOException e = assertThrows(IOException.class,
                    () -> ReportJson.read(EventLog.stream(text)), text);
            assertThat(e.getMessage(), anyOf(containsString("not a report"), containsString("schema 2 is not 1")));
        }
    }

    @Test
    void theSummaryShowsControlCharactersHarmlessly() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog().start("x")
                .process(1, 0, "/a", "/", "a\\u001b[2J\\nroot")
                .connect(1, "192.0.2.1", 443, "a\\u001b]0;x\\u0007.example", "blocked", "default").end(0));
        for (String line : ConsoleSummary.lines(report)) {
            assertThat(line.chars().noneMatch(Character::isISOControl), is(true));
        }
        assertThat(String.join("\n", ConsoleSummary.lines(report)), containsString("\\u001b[2J"));
    }

    @Test
    void aWriteOutsideOfTheWritableFoldersIsNoTamperedSource() throws IOException {
        Report report = build(policy(EgressPolicy.AUDIT), new EventLog().start("sh").process(1, 0, "/bin/sh", "/ws", "sh")
                .write(1, "/opt/tool/config", "blocked", "fs-write").end(1));
        assertThat(kinds(report), hasItem("write-refused"));
        assertThat(kinds(report), not(hasItem("source-tampered")));
        assertThat(finding(report, "write-refused").explanation, containsString("workspace"));
    }
}
