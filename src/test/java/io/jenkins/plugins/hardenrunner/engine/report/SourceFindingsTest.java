package io.jenkins.plugins.hardenrunner.engine.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceFindingsTest {
    private static final LaunchInfo LAUNCH = new LaunchInfo("1", "sh", "Build", "agent", EventLog.NONCE);
    private static final Set<String> TRACKED = Set.of("/ws/index.js", "/ws/src/a.c", "/ws/package-lock.json");

    /** sh → npm → the preinstall script of a dependency; sh → prettier, run by node; sh → gcc. */
    private static EventLog log() {
        return new EventLog().start("sh", "build.sh")
                .process(1, 0, "/bin/sh", "/ws", "sh", "build.sh")
                .process(2, 1, "/usr/bin/node", "/ws", "npm install")
                .npm(3, 2, "/bin/sh", "/packages/evil", "evil", "1.0.0", "preinstall", "sh", "-c", "node preinstall.js")
                .npm(4, 3, "/usr/bin/node", "/packages/evil", "evil", "1.0.0", "preinstall", "node", "preinstall.js")
                .process(5, 1, "/usr/bin/node", "/ws", "node", "/ws/node_modules/.bin/prettier", "--write", ".")
                .process(6, 1, "/usr/bin/gcc", "/ws", "gcc", "a.c");
    }

    private static EventLog operation(EventLog log, int image, String operation, String path, String to) {
        String second = to == null ? "" : ",'to':'" + to + "'";
        return log.add("file", "'p':" + image + ",'pid':100,'op':'" + operation + "','path':'" + path + "'" + second
                + ",'verdict':'would-block','rule':'protected'");
    }

    private static Report report(EventLog log, List<String> expected, SourceChange... changes) throws IOException {
        PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.STEP, ""));
        expected.forEach(layer::expectChange);
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of(layer.build())))
                .tracked(TRACKED::contains).covered(path -> path.startsWith("/ws/.git/") && !path.contains("/hooks/"));
        builder.readEvents(LAUNCH, log.end(0).stream());
        return builder.sourceChanges(List.of(changes)).build();
    }

    private static SourceChange change(String path, Category category, Kind kind) {
        return new SourceChange(path, "/ws", category, kind, kind == Kind.ADDED ? null : "blob:aa", "blob:bb", 3L, 4L, "-a\n+b\n", null, List.of());
    }

    private static SourceChange modified(String path) {
        return change(path, Category.SOURCE, Kind.MODIFIED);
    }

    private static Report.Finding only(Report report) {
        assertThat(report.findings.stream().map(finding -> finding.kind).toList(), hasSize(1));
        return report.findings.get(0);
    }

    @Test
    void aFileReplacedByRenameGoesBackToWhoWroteTheOtherOne() throws IOException {
        EventLog log = operation(operation(log(), 4, "write", "/ws/tmp", null), 6, "rename", "/ws/tmp", "/ws/index.js");
        Report report = report(log, List.of(), modified("/ws/index.js"));
        Report.Finding finding = only(report);
        assertThat(finding.kind, is("source-tampered"));
        assertThat(finding.severity, is("critical"));
        assertThat(finding.message, containsString("by the preinstall script of evil@1.0.0"));
        assertThat("both the writer and the renamer", finding.evidence.lineages, hasSize(2));
    }

    @Test
    void aFileWrittenThroughAHardLinkGoesBackToTheWriter() throws IOException {
        EventLog made = operation(operation(log(), 6, "link", "/ws/index.js", "/tmp/door"), 4, "write", "/tmp/door", null);
        assertThat(only(report(made, List.of(), modified("/ws/index.js"))).severity, is("critical"));
        SourceChange aliased = new SourceChange("/ws/index.js", "/ws", Category.SOURCE, Kind.MODIFIED, "blob:aa", "blob:bb", 1L, 1L,
                null, null, List.of("/tmp/older-door"));
        assertThat(only(report(operation(log(), 4, "write", "/tmp/older-door", null), List.of(), aliased)).severity, is("critical"));
    }

    @Test
    void aFolderThatWasSwappedGoesBackToWhoFilledTheOtherOne() throws IOException {
        EventLog log = operation(log().write(4, "/ws/evil/a.c", "allowed", "default"), 6, "rename", "/ws/evil", "/ws/src");
        assertThat(only(report(log, List.of(), modified("/ws/src/a.c"))).severity, is("critical"));
    }

    @Test
    void aChangeWithoutAnAuthorIsLoudAndNoRuleHidesIt() throws IOException {
        Report report = report(log(), List.of("**"), modified("/ws/index.js"));
        Report.Finding finding = only(report);
        assertThat(finding.kind, is("unattributed-change"));
        assertThat(finding.severity, is("high"));
        assertThat(report.verdict, is("violated"));
    }

    @Test
    void anExpectedChangeStaysInTheReportAndIsNoFinding() throws IOException {
        Report report = report(operation(log(), 5, "write", "/ws/src/a.c", null), List.of("src/** by prettier"), modified("/ws/src/a.c"));
        assertThat(report.findings, empty());
        assertThat(report.verdict, is("ok"));
        assertThat(report.files.get(0).expected, is("src/** by prettier (step)"));
        assertThat(report.files.get(0).diff, is("-a\n+b\n"));
        assertThat(report.fileSummary.expected, is(1L));
        assertThat(report.policy.expectedChanges, contains("src/** by prettier (step)"));
    }

    @ParameterizedTest
    @CsvSource({
        "5, src/** by gcc, false",
        "5, src/*.c by node, true",
        "5, src/*.c by /ws/node_modules/.bin/prettier, true",
        "5, /ws/src/a.c, true",
        "5, src, false",
        "5, a.c, false",
        "5, src/** by package:evil, false",
        "4, src/**, false",
        "4, src/** by node, false",
        "4, src/** by package:other, false",
        "4, src/** by package:evil, true"})
    void whatARuleCovers(int image, String rule, boolean covered) throws IOException {
        Report report = report(operation(log(), image, "write", "/ws/src/a.c", null), List.of(rule), modified("/ws/src/a.c"));
        assertThat(report.findings.isEmpty(), is(covered));
    }

    @Test
    void aRuleForAProcessDoesNotCoverASecondAuthor() throws IOException {
        EventLog log = operation(operation(log(), 5, "write", "/ws/src/a.c", null), 6, "write", "/ws/src/a.c", null);
        assertThat(report(log, List.of("src/** by prettier"), modified("/ws/src/a.c")).findings, not(empty()));
    }

    @Test
    void theRemedyIsARuleThatWorks() throws IOException {
        Report.Finding finding = only(report(operation(log(), 5, "write", "/ws/src/a.c", null), List.of(), modified("/ws/src/a.c")));
        String rule = finding.remedy.replaceFirst("(?s).*--expect-change '([^']*)'.*", "$1");
        assertThat(rule, is("src/a.c by prettier"));
        assertThat(report(operation(log(), 5, "write", "/ws/src/a.c", null), List.of(rule), modified("/ws/src/a.c")).findings, empty());
    }

    @Test
    void writtenAndRestoredByAnInstallScriptIsFoundThroughTheRecord() throws IOException {
        Report report = report(operation(log(), 4, "write", "/ws/index.js", null), List.of());
        Report.Finding finding = only(report);
        assertThat(finding.kind, is("source-restored"));
        assertThat(finding.severity, is("high"));
        assertThat(finding.message, containsString("by the preinstall script of evil@1.0.0"));
        assertThat(finding.evidence.path, is("/ws/index.js"));
        assertThat(report.verdict, is("deviates"));
    }

    @Test
    void writtenTwiceByTheBuildItselfIsAFindingAndOnceIsNot() throws IOException {
        EventLog twice = operation(operation(operation(log(), 5, "write", "/ws/src/a.c", null), 6, "write", "/ws/.git/x", null), 5, "write", "/ws/src/a.c", null);
        assertThat(only(report(twice, List.of())).severity, is("medium"));
        assertThat(report(operation(log(), 5, "write", "/ws/src/a.c", null), List.of()).findings, empty());
        EventLog lock = operation(operation(log(), 2, "rename", "/ws/x", "/ws/package-lock.json"), 2, "rename", "/ws/y", "/ws/package-lock.json");
        assertThat("package managers write lock files again and again", report(lock, List.of()).findings, empty());
    }

    /** git status takes a lock and writes the index; the comparison says whether that meant anything. */
    @Test
    void gitsOwnHousekeepingIsNoFindingButAHookThatIsGoneAgainIs() throws IOException {
        EventLog housekeeping = operation(operation(log(), 6, "write", "/ws/.git/index.lock", null), 6, "rename", "/ws/.git/index.lock", "/ws/.git/index");
        Report quiet = report(housekeeping, List.of());
        assertThat(quiet.findings, empty());
        assertThat(quiet.verdict, is("ok"));
        EventLog hook = operation(operation(log(), 4, "write", "/ws/.git/hooks/post-checkout", null), 4, "unlink", "/ws/.git/hooks/post-checkout", null);
        assertThat(report(hook, List.of()).verdict, is("violated"));
    }

    @ParameterizedTest
    @CsvSource({
        "GIT_HOOK, ADDED, git-tampered, high, violated",
        "GIT_CONFIG, MODIFIED, git-tampered, high, violated",
        "GIT_REF, MODIFIED, git-tampered, low, ok",
        "GIT_INDEX, MODIFIED, git-tampered, low, ok",
        "BUILD_DEFINITION, ADDED, build-definition-changed, medium, violated",
        "UNVERSIONED, MODIFIED, source-tampered, medium, violated"})
    void eachKindOfFileHasItsFinding(Category category, Kind kind, String finding, String severity, String verdict) throws IOException {
        Report report = report(operation(log(), 6, "write", "/ws/x", null), List.of(), change("/ws/x", category, kind));
        assertThat(report.findings.get(0).kind, is(finding));
        assertThat(report.findings.get(0).severity, is(severity));
        assertThat(report.files.get(0).category, is(category.token()));
        if (category == Category.GIT_HOOK || category == Category.GIT_CONFIG) {
            assertThat(report.verdict, is(verdict));
        }
    }

    @Test
    void aThousandFilesByOneAuthorAreAFewFindings() throws IOException {
        EventLog log = log();
        List<SourceChange> changes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            operation(log, 4, "write", "/ws/f" + i, null);
            changes.add(modified("/ws/f" + i));
        }
        Report report = report(log, List.of(), changes.toArray(SourceChange[]::new));
        long tampered = report.findings.stream().filter(finding -> finding.kind.equals("source-tampered")).count();
        assertThat(tampered, is(lessThan(30L)));
        assertThat(report.findings.stream().anyMatch(finding -> finding.message.contains("980 more files")), is(true));
        assertThat(report.fileGroups, hasSize(1));
        assertThat(report.fileGroups.get(0).paths, hasSize(1000));
        assertThat(report.fileGroups.get(0).packageName, is("evil"));
        assertThat(report.fileGroups.get(0).script, is("preinstall"));
    }

    @Test
    void processesOfAChainHaveTheIdsOfTheProcessTree() throws IOException {
        Report report = report(operation(log(), 4, "write", "/ws/index.js", null), List.of(), modified("/ws/index.js"));
        assertThat(report.lineages.get(0).processes.stream().map(process -> process.id).toList(), contains("1:4", "1:3", "1:2", "1:1"));
        assertThat(report.processes.get(3).id, is("1:4"));
        assertThat(report.processes.get(3).packageVersion, is("1.0.0"));
        assertThat(report.processes.get(0).packageVersion, is(nullValue()));
    }

    private static EventLog refused(EventLog log, int image, String operation, String path) {
        return log.add("file", "'p':" + image + ",'pid':100,'op':'" + operation + "','path':'" + path
                + "','verdict':'blocked','rule':'protected','errno':'EACCES'");
    }

    /** go build runs git status, which refreshes the index if it can. */
    @Test
    void aRefusedRefreshOfTheIndexIsListedAndIsNoFinding() throws IOException {
        Report report = report(refused(log(), 6, "write", "/ws/.git/index.lock"), List.of());
        assertThat(report.findings, empty());
        assertThat(report.verdict, is("ok"));
        assertThat(report.files.get(0).verdict, is("blocked"));
        for (String path : List.of("/ws/.git/config.lock", "/ws/.git/HEAD.lock", "/ws/.git/index", "/ws/src/index.lock")) {
            assertThat(path, report(refused(log(), 6, "write", path), List.of()).verdict, is("violated"));
        }
    }

    @Test
    void aRefusedWriteOfAnInstallScriptNamesThePackageAndTheTarget() throws IOException {
        EventLog log = log().add("file", "'p':4,'pid':100,'op':'rename','path':'/ws/src/.tmp','to':'/ws/index.js',"
                + "'verdict':'blocked','rule':'protected','errno':'EACCES'");
        Report.Finding finding = only(report(log, List.of()));
        assertThat(finding.message, containsString("to /ws/index.js was refused by the preinstall script of evil@1.0.0"));
        assertThat(finding.severity, is("critical"));
    }

    @Test
    void foldersAboveTheWorkspaceThatMkdirTriesAreNoFinding() throws IOException {
        String end = "','verdict':'blocked','rule':'fs-write','errno':'EACCES'";
        Report report = report(log().process(7, 1, "/bin/mkdir", "/srv/ws/a", "mkdir", "-p", "/srv/ws/a/b")
                .add("file", "'p':7,'pid':100,'op':'mkdir','path':'/srv" + end), List.of());
        assertThat(report.findings, empty());
        assertThat(report.verdict, is("ok"));
        assertThat(only(report(log().add("file", "'p':6,'pid':100,'op':'mkdir','path':'/srv" + end), List.of())).kind, is("write-refused"));
    }
}
