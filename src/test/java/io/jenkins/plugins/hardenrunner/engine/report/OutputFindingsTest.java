package io.jenkins.plugins.hardenrunner.engine.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFindingsTest {
    private static final LaunchInfo LAUNCH = new LaunchInfo("1", "sh", "Build", "agent", EventLog.NONCE);

    /** sh → npm → the preinstall script of a dependency and what it leaves behind; sh → the compiler. */
    private static EventLog log() {
        return new EventLog().start("sh", "build.sh")
                .process(1, 0, "/bin/sh", "/ws", "sh", "build.sh")
                .process(2, 1, "/usr/bin/node", "/ws", "npm install")
                .npm(3, 2, "/bin/sh", "/ws/node_modules/evil", "evil", "1.0.0", "preinstall", "sh", "-c", "node preinstall.js")
                .npm(4, 3, "/usr/bin/node", "/ws", "evil", "1.0.0", "preinstall", "node", "preinstall.js")
                .process(6, 1, "/usr/bin/node", "/ws", "node", "compile.js");
    }

    private static Report report(EventLog log, String... expected) throws IOException {
        PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.STEP, ""));
        List.of(expected).forEach(layer::expectChange);
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of(layer.build())));
        builder.readEvents(LAUNCH, log.end(0).stream());
        return builder.build();
    }

    private static EventLog rename(EventLog log, int image, String from, String to) {
        return log.add("file", "'p':" + image + ",'pid':100,'op':'rename','path':'" + from + "','to':'" + to
                + "','verdict':'allowed','rule':'default'");
    }

    private static Report.Finding only(Report report) {
        assertThat(report.findings.stream().map(finding -> finding.kind).toList(), hasSize(1));
        return report.findings.get(0);
    }

    @Test
    void anInstallScriptThatChangesAnotherPackageIsFoundWithItsChain() throws IOException {
        Report report = report(log().write(4, "/ws/node_modules/compiler/emit.js", "allowed", "default")
                .write(4, "/ws/node_modules/compiler/parse.js", "allowed", "default"));
        Report.Finding finding = only(report);
        assertThat(finding.kind, is("package-tampered"));
        assertThat(finding.message, containsString("belongs to the package compiler"));
        assertThat(finding.message, containsString("preinstall script of evil@1.0.0 (and 1 more"));
        assertThat(finding.evidence.path, is("/ws/node_modules/compiler/emit.js"));
        assertThat(finding.remedy, containsString("node_modules/compiler/emit.js by package:evil"));
        assertThat(report.verdict, is("violated"));
    }

    @Test
    void anInstallScriptThatWritesToWhatTheBuildHasMadeIsFoundWithBothAuthors() throws IOException {
        Report report = report(log().write(6, "/ws/dist/app.js", "allowed", "default").write(4, "/ws/dist/app.js", "allowed", "default"));
        Report.Finding finding = only(report);
        assertThat(finding.kind, is("output-tampered"));
        assertThat(finding.explanation, containsString("by node compile.js"));
        assertThat(finding.evidence.lineages, hasSize(2));
        assertThat(report.verdict, is("violated"));
    }

    @Test
    void aProductPutInThePlaceOfTheBuildsByRenameIsFound() throws IOException {
        EventLog log = log().write(6, "/ws/dist/app.js", "allowed", "default").write(4, "/ws/dist/.new", "allowed", "default");
        assertThat(only(report(rename(log, 4, "/ws/dist/.new", "/ws/dist/app.js"))).evidence.path, is("/ws/dist/app.js"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/ws/node_modules/evil/build/native.node", // its own folder
        "/ws/node_modules/evil/node_modules/part/x.js", // what it brought along
        "/ws/node_modules/.cache/evil", // what package managers keep beside packages
        "/ws/generated/only-by-it.js", // no other author
        "/home/u/.cache/evil", // not in the workspace
    })
    void whatInstallScriptsUsuallyWriteIsNoFinding(String path) throws IOException {
        Report report = report(log().write(4, path, "allowed", "default"));
        assertThat(report.findings, empty());
        assertThat(report.verdict, is("ok"));
    }

    @Test
    void thePackageManagerAndTheProjectsOwnScriptsAreNoDependency() throws IOException {
        EventLog log = log().npm(7, 2, "/bin/sh", "/ws", "app", "1.0.0", "postinstall", "sh", "-c", "patch");
        assertThat(report(log.write(2, "/ws/node_modules/compiler/emit.js", "allowed", "default")
                .write(7, "/ws/node_modules/compiler/emit.js", "allowed", "default")
                .write(6, "/ws/dist/app.js", "allowed", "default")
                .write(7, "/ws/dist/app.js", "allowed", "default")).findings, empty());
    }

    @Test
    void writesThatTheHelperRefusedAreOneFindingForEachScript() throws IOException {
        Report report = report(log().npm(7, 2, "/bin/sh", "/ws/node_modules/@s/other", "@s/other", "2.0.0", "install", "sh", "-c", "x")
                .write(4, "/ws/node_modules/compiler/emit.js", "blocked", "install-script")
                .write(4, "/ws/dist/app.js", "blocked", "install-script").write(7, "/ws/dist/app.js", "blocked", "install-script")
                .write(6, "/ws/dist/app.js", "allowed", "default"));
        assertThat(report.findings.stream().map(finding -> finding.kind).distinct().toList(), is(List.of("install-script-confined")));
        assertThat(report.findings, hasSize(2));
        Report.Finding finding = report.findings.get(0);
        assertThat(finding.message, is("A write to /ws/node_modules/compiler/emit.js was refused by the policy: the preinstall script of"
                + " evil@1.0.0 may write in its own package only (and 1 more files like it)"));
        assertThat(finding.evidence.path, is("/ws/node_modules/compiler/emit.js"));
        assertThat(finding.evidence.rule, is("install-script"));
        assertThat(finding.evidence.lineages, hasSize(1));
        assertThat(report.findings.get(1).remedy, containsString("--expect-change 'dist/app.js by package:@s/other'"));
        assertThat(report.verdict, is("violated"));
    }

    @Test
    void auditTellsWhatBlockWouldRefuseUnlessItIsAFindingOfItsOwn() throws IOException {
        Report report = report(log().write(4, "/ws/generated/new.js", "would-block", "install-script")
                .write(3, "/ws/node_modules/.cache/new", "would-block", "install-script")
                .write(4, "/ws/node_modules/compiler/emit.js", "would-block", "install-script"));
        assertThat(report.findings.stream().map(finding -> finding.kind).toList(),
                is(List.of("package-tampered", "install-script-would-confine")));
        Report.Finding finding = report.findings.get(1);
        assertThat(finding.severity, is("low"));
        assertThat("the other file's author is no evidence of this one", finding.evidence.lineages, hasSize(1));
        assertThat(finding.message, is("The file policy 'block' would refuse a write to /ws/generated/new.js by the preinstall script"
                + " of evil@1.0.0 (and 1 more files like it)"));
        assertThat(finding.remedy, containsString("--expect-change 'generated/new.js by package:evil'"));
        Report unknown = report(log().process(9, 1, "/bin/sh", "/ws", "sh").write(9, "/ws/generated/new.js", "would-block", "install-script"));
        assertThat(only(unknown).message, containsString("by a process of which nobody knows whose it is"));
        assertThat(only(unknown).remedy, is("Find out whether the script is meant to, before the file policy becomes 'block'."));
        Report alone = report(log().write(4, "/ws/generated/new.js", "would-block", "install-script"));
        assertThat(only(alone).kind, is("install-script-would-confine"));
        assertThat(alone.verdict, is("ok"));
    }

    @Test
    void aRuleThatNamesThePackageMakesItExpectedAndTheFileStaysListed() throws IOException {
        Report report = report(patched(), "node_modules/compiler/** by package:evil");
        assertThat(report.findings, empty());
        assertThat(report.files.get(0).path, is("/ws/node_modules/compiler/emit.js"));
        assertThat(only(report(patched(), "node_modules/compiler/**")).kind, is("package-tampered"));
    }

    private static EventLog patched() {
        return log().write(4, "/ws/node_modules/compiler/emit.js", "allowed", "default");
    }

    @ParameterizedTest
    @CsvSource({
        "/ws/node_modules/a/x.js, a",
        "/ws/node_modules/a/node_modules/b/lib/x.js, b",
        "/ws/node_modules/@s/a/x.js, @s/a",
    })
    void theInnermostPackageOwnsAFile(String path, String owner) {
        assertThat(OutputFindings.packageOf(path), is(owner));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/node_modules/.bin/x", "/ws/node_modules/x", "/ws/node_modules/@s/x", "/ws/node_modules/.prisma/client/x"})
    void whatLiesBesidePackagesHasNoOwner(String path) {
        assertThat(OutputFindings.packageOf(path), nullValue());
    }
}
