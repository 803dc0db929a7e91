package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.hardenrunner.goat.Outcome.Attack;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** What report.json and report.html have to say about a run. */
final class ReportClaims {
    private static final String PACKAGE = "goat-evil-phone-home";
    private static final int VIOLATED = 120;

    private final Outcome outcome;
    private final Claims claims;
    private final ReportView report;

    ReportClaims(Outcome outcome, Claims claims) throws IOException {
        this.outcome = outcome;
        this.claims = claims;
        report = new ReportView(outcome.report("report.json"));
        String state = report.text("state");
        claims.that("the run was supervised",
                state.matches("enforced|degraded") && report.at("/launches").asInt() == 1,
                state + " " + report.at("/degraded"));
        claims.that("the evidence is intact", report.at("/integrity/intact").asBoolean(), report.at("/integrity"));
        int exitCode = report.at("/exitCode").asInt(-1);
        claims.that("the report has the exit status of the command",
                exitCode == (outcome.status == VIOLATED ? 0 : outcome.status), exitCode);
        String page = Files.readString(outcome.report("report.html"));
        claims.that("report.html has the data in it and refers to no other file",
                page.contains("id=\"harden-runner-data\"")
                        && !page.matches("(?s).*<(?:script|link|img|iframe)\\b[^>]*\\b(?:src|href)=\"(?!data:).*"),
                page.length() + " characters");
    }

    void audit() {
        // Nothing is refused in audit: a changed source file violates, a high finding alone deviates.
        verdict(outcome.has(Attack.EDIT) ? "violated" : "deviates");
        if (outcome.has(Attack.PHONE_HOME)) {
            String endpoint = "attacker.test:" + outcome.port;
            Optional<JsonNode> row = report.endpoint("attacker.test", "tcp", outcome.port);
            claims.that("the report shows " + endpoint + " as would-block",
                    row.filter(e -> is(e, "verdict", "would-block")).isPresent(), report.at("/endpoints"));
            row.ifPresent(this::attributed);
            claims.that("a finding names " + PACKAGE + "@1.0.0, its preinstall script and " + endpoint,
                    report.finding("lifecycle-script-egress", PACKAGE + "@1.0.0", "preinstall", endpoint).isPresent(),
                    report.at("/findings"));
        }
        if (outcome.has(Attack.DNS)) {
            tunnel();
        }
        tampering();
        List<String> recommended = report.recommended();
        if (outcome.attacks.size() == Attack.values().length) {
            claims.that("the recommended policy keeps registry.test",
                    recommended.stream().anyMatch(r -> r.startsWith("registry.test")), report.at("/recommendation"));
        }
        claims.that("the recommended policy leaves the attackers out",
                recommended.stream().noneMatch(r -> r.matches("(?:.*\\.)?(?:attacker|malicious)\\.test.*|127\\..*")),
                recommended);
    }

    void block() throws IOException {
        verdict("violated");
        if (outcome.has(Attack.PHONE_HOME)) {
            claims.that("the report shows the name attacker.test as blocked",
                    report.endpoint("attacker.test", "dns", 53).filter(ReportClaims::isBlocked).isPresent(),
                    report.at("/endpoints"));
            Optional<JsonNode> direct = report.endpointAt(Zone.ATTACKER.address(), outcome.port);
            claims.that("the report shows the attempt on the bare address as blocked because no rule allows it",
                    direct.filter(e -> isBlocked(e) && is(e, "rule", "default")).isPresent(), report.at("/endpoints"));
            direct.ifPresent(this::attributed);
            explained("attacker.test");
            explained(Zone.ATTACKER.address() + ":" + outcome.port);
        }
        if (outcome.has(Attack.DNS)) {
            claims.that("the report shows names under malicious.test as blocked",
                    report.all("endpoints").anyMatch(e -> isBlocked(e)
                            && e.path("name").asText().endsWith(".malicious.test")),
                    report.at("/endpoints"));
            tunnel();
        }
        if (outcome.attacks.size() == Attack.values().length) {
            Optional<JsonNode> registry = report.endpoint("registry.test", "tcp", outcome.port);
            claims.that("registry.test is in the report as allowed by a rule of the command line",
                    registry.filter(e -> is(e, "verdict", "allowed") && report.origin(e.path("rule")).contains("allow"))
                            .isPresent(),
                    report.at("/endpoints"));
        }
        tampering();
    }

    void clean() {
        verdict("ok");
        claims.that("nothing was refused", report.finding("egress-blocked").isEmpty(), report.at("/findings"));
    }

    private void verdict(String wanted) {
        claims.that("the verdict is " + wanted, report.text("verdict").equals(wanted), report.text("verdict"));
    }

    /** The finding says which rule decided and has the line that would allow the endpoint. */
    private void explained(String endpoint) {
        Optional<JsonNode> finding = report.finding("egress-blocked", endpoint);
        claims.that("a finding explains why " + endpoint + " was refused",
                finding.filter(f -> f.path("explanation").asText().matches("(?s).*(?:default|rule).*")).isPresent(),
                report.at("/findings"));
        claims.that("and gives the line that would allow it",
                finding.filter(f -> f.path("remedy").asText().contains(endpoint)).isPresent(), report.at("/findings"));
    }

    private void tunnel() {
        Optional<JsonNode> finding = report.finding("dns-tunnelling", "malicious.test");
        claims.that("a finding reports the DNS tunnel under malicious.test", finding.isPresent(), report.at("/findings"));
        claims.that("and the package that dug it",
                finding.filter(f -> report.lineages(f.path("evidence")).stream()
                                .anyMatch(l -> is(l, "package", "goat-evil-dns")))
                        .isPresent(),
                finding.map(f -> f.path("evidence")).orElse(null));
    }

    /** Where only recorded, the change of a tracked file is a finding; where refused, the file is as it was. */
    private void tampering() {
        if (!outcome.has(Attack.EDIT)) {
            return;
        }
        claims.that("a finding reports that index.js, a tracked file, was changed",
                report.finding("source-tampered", "index.js").isPresent(), report.at("/findings"));
        Optional<JsonNode> file = report.all("files")
                .filter(f -> f.path("path").asText().matches("(?:.*/)?index\\.js") && f.path("tracked").asBoolean())
                .findFirst();
        claims.that("with its digests before and after",
                file.filter(f -> !f.path("before").asText("").isEmpty()
                                && !f.path("after").asText("").isEmpty()
                                && !f.path("before").equals(f.path("after")))
                        .isPresent(),
                report.at("/files"));
        claims.that("and the package that did it",
                file.filter(f -> report.lineages(f).stream().anyMatch(l -> is(l, "package", "goat-evil-edit"))).isPresent(),
                report.at("/files"));
    }

    /** The chain leads from the payload to the build script, with command lines, package and script. */
    private void attributed(JsonNode row) {
        List<JsonNode> lineages = report.lineages(row);
        claims.that("its chain is node ← sh -c ← npm install ← sh build.sh, with full command lines",
                lineages.stream().anyMatch(l -> isPayloadChain(ReportView.commandLines(l))),
                lineages.stream().map(ReportView::commandLines).toList());
        claims.that("it names the package " + PACKAGE + " and its script preinstall",
                lineages.stream().anyMatch(l -> is(l, "package", PACKAGE)
                        && is(l, "packageVersion", "1.0.0")
                        && is(l, "script", "preinstall")),
                lineages);
    }

    /** npm's first line is {@code #!/usr/bin/env node}: env is an image of its own in the chain, npm or not. */
    static boolean isPayloadChain(List<String> chain) {
        List<String> commandLines =
                chain.stream().filter(line -> !line.matches("(?:\\S*/)?env node .*")).toList();
        return commandLines.size() >= 4
                && commandLines.get(0).matches("(?:\\S*/)?node preinstall\\.js")
                && commandLines.get(1).matches("(?:\\S*/)?(?:sh|dash|bash) -c (?:-- )?node preinstall\\.js")
                && commandLines.get(2).matches(".*npm\\S* install.*")
                && commandLines.get(3).matches("(?:\\S*/)?(?:sh|dash|bash) \\S*build\\.sh");
    }

    private static boolean isBlocked(JsonNode row) {
        return is(row, "verdict", "blocked");
    }

    private static boolean is(JsonNode row, String field, String value) {
        return row.path(field).asText().equals(value);
    }
}
