package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * The scenario tamper-sources: nine dependencies. Seven change a file of the project, each by another way; one changes the
 * compiler, and one what the compiler has made.
 */
final class TamperClaims {
    private static final List<String> WAYS = List.of("background", "hardlink", "mmap", "rename", "truncate");
    private static final String MARK = "TAMPERED";

    private final Outcome outcome;
    private final Claims claims;
    private final ReportView report;

    TamperClaims(Outcome outcome, Claims claims) throws IOException {
        this.outcome = outcome;
        this.claims = claims;
        report = new ReportView(outcome.report("report.json"));
    }

    void audit() throws IOException {
        claims.that("the verdict is violated", report.text("verdict").equals("violated"), report.text("verdict"));
        claims.that("the evidence is intact", report.at("/integrity/intact").asBoolean(), report.at("/integrity"));
        for (String way : WAYS) {
            changed(way);
        }
        String restored = content("restored");
        claims.that("restored: src/restored.js is as it was at the end", !restored.contains(MARK), restored);
        found("source-restored", "restored", "/src/restored.js");
        found("git-tampered", "hook", "/.git/hooks/post-checkout");
        claims.that("hook: the hook changed src/hook.js", content("hook").contains(MARK), content("hook"));
        Optional<JsonNode> byHook = report.finding("source-tampered", "/src/hook.js");
        claims.that("hook: the chain of that change leads through git and the hook",
                byHook.filter(f -> report.lineages(f.path("evidence")).stream().map(ReportView::commandLines)
                        .anyMatch(chain -> chain.stream().anyMatch(line -> line.contains(".git/hooks/post-checkout"))
                                && chain.stream().anyMatch(line -> line.startsWith("git checkout")))).isPresent(),
                byHook.map(f -> f.path("evidence")).orElse(null));
        output();
        claims.that("nothing else under version control is reported",
                report.all("files").filter(f -> f.path("changed").asBoolean()).count() == WAYS.size() + 2,
                report.all("files").filter(f -> f.path("changed").asBoolean()).map(f -> f.path("path").asText()).toList());
    }

    /** Sources that stay as they were, and a product that does not. */
    private void output() throws IOException {
        String product = Files.readString(outcome.project.resolve("dist/app.js"));
        for (String way : List.of("plugin", "output")) {
            claims.that(way + ": src/" + way + ".js is as it was, and dist/app.js was patched",
                    !content(way).contains(MARK) && product.contains(MARK + " by goat-evil-" + way), product);
        }
        found("package-tampered", "plugin", "/node_modules/goat-compiler/emit.js");
        found("output-tampered", "output", "/dist/app.js");
        Optional<JsonNode> finding = report.finding("output-tampered", "/dist/app.js");
        claims.that("output: the chain of the compiler, the other author, is named too",
                finding.filter(f -> report.lineages(f.path("evidence")).stream().map(ReportView::commandLines)
                        .anyMatch(chain -> chain.get(0).contains("goat-compiler/compile.js"))).isPresent(),
                finding.map(f -> f.path("evidence")).orElse(null));
    }

    private void changed(String way) throws IOException {
        String content = content(way);
        claims.that(way + ": src/" + way + ".js was changed", way.equals("truncate") ? content.isEmpty() : content.contains(MARK),
                content);
        found("source-tampered", way, "/src/" + way + ".js");
        Optional<JsonNode> file = file(way);
        claims.that(way + ": with digests before and after, and a difference",
                file.filter(f -> f.path("before").asText().startsWith("blob:") && f.path("after").asText().startsWith("blob:")
                        && f.path("diff").asText().contains("-module.exports")).isPresent(),
                file.orElse(null));
    }

    /** A finding of the kind about the path that names the package and its script, with the chain up to the build. */
    private void found(String kind, String way, String path) {
        Optional<JsonNode> finding = report.all("findings")
                .filter(f -> f.path("kind").asText().equals(kind) && f.at("/evidence/path").asText().endsWith(path)).findFirst();
        claims.that(way + ": a finding (" + kind + ") names " + path + ", goat-evil-" + way + "@1.0.0 and its preinstall script",
                finding.filter(f -> f.path("message").asText().contains("preinstall script of goat-evil-" + way + "@1.0.0")).isPresent(),
                finding.orElse(report.at("/findings")));
        claims.that(way + ": its chain leads from node preinstall.js over npm install to sh build.sh",
                finding.filter(f -> report.lineages(f.path("evidence")).stream().anyMatch(l -> isChain(ReportView.commandLines(l))
                        && l.path("package").asText().equals("goat-evil-" + way))).isPresent(),
                finding.map(f -> report.lineages(f.path("evidence")).stream().map(ReportView::commandLines).toList()).orElse(null));
    }

    static boolean isChain(List<String> chain) {
        return chain.stream().anyMatch(line -> line.matches("(?:\\S*/)?node preinstall\\.js"))
                && chain.stream().anyMatch(line -> line.matches(".*npm\\S* install.*"))
                && chain.get(chain.size() - 1).matches("(?:\\S*/)?(?:sh|dash|bash) \\S*build\\.sh");
    }

    private Optional<JsonNode> file(String way) {
        return report.all("files").filter(f -> f.path("changed").asBoolean() && f.path("path").asText().endsWith("/src/" + way + ".js"))
                .findFirst();
    }

    /** Refused: every file is what it was, and the report says who tried. */
    void block() throws IOException {
        claims.that("the verdict is violated", report.text("verdict").equals("violated"), report.text("verdict"));
        claims.that("the build failed", outcome.status != 0, outcome.status);
        claims.that("and its output explains why",
                outcome.output.contains("was refused by the preinstall script of goat-evil-truncate@1.0.0")
                        && outcome.output.contains("The path is under version control or protected by the policy")
                        && outcome.output.contains("the preinstall script of goat-evil-plugin@1.0.0 may write in its own package only"),
                outcome.output);
        for (String way : List.of("background", "hardlink", "hook", "mmap", "rename", "restored", "truncate")) {
            String content = content(way);
            claims.that(way + ": src/" + way + ".js is intact", content.contains("as it was checked out"), content);
            claims.that(way + ": a finding says that the preinstall script of goat-evil-" + way + " was refused",
                    report.all("findings").anyMatch(f -> refusal(f.path("message").asText(), "goat-evil-" + way + "@1.0.0")
                            && report.lineages(f.path("evidence")).stream()
                                    .anyMatch(l -> l.path("package").asText().equals("goat-evil-" + way))),
                    report.at("/findings"));
        }
        // What no version control knows: other packages and products are not for install scripts either.
        String product = Files.readString(outcome.project.resolve("dist/app.js"));
        claims.that("the product is what the compiler made of the sources", product.contains("as it was checked out")
                && !product.contains(MARK), product);
        String compiler = Files.readString(outcome.project.resolve("node_modules/goat-compiler/emit.js"));
        claims.that("plugin: the compiler is intact", !compiler.contains(MARK), compiler);
        found("install-script-confined", "plugin", "/node_modules/goat-compiler/emit.js");
        found("install-script-confined", "output", "/dist/app.js");
        claims.that("no watched file changed", report.all("files").noneMatch(f -> f.path("changed").asBoolean()), report.at("/files"));
    }

    private static boolean refusal(String message, String label) {
        return message.contains("refused by the preinstall script of " + label)
                || message.contains("refused by the policy: the preinstall script of " + label);
    }

    private String content(String way) throws IOException {
        return Files.readString(outcome.project.resolve("src/" + way + ".js"));
    }
}
