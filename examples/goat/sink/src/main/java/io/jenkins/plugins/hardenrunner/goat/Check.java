package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.hardenrunner.goat.Goat.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what a run of a scenario left behind with what the scenario promises. Keys: {@code log} (the sink's log),
 * {@code exit} (status of the run), {@code secret} (the planted canary), {@code project} (work tree), {@code output}
 * (the run's output), {@code port} (HTTPS port) and, for supervised runs, {@code report} (folder).
 */
final class Check {
    private final Map<String, String> given;
    private final Claims claims;
    private final SinkRecord sink;
    private final String secret;
    private final int port;
    private final String output;

    private Check(Map<String, String> given, Claims claims) throws IOException {
        this.given = given;
        this.claims = claims;
        sink = new SinkRecord(Path.of(value("log")));
        secret = value("secret");
        port = Goat.ports("port", value("port"))[0];
        output = Files.readString(Path.of(value("output")));
    }

    /** @return 0 if every claim holds, 1 if one does not */
    static int run(List<String> args, PrintStream out) throws IOException {
        if (args.isEmpty()) {
            throw new UsageException("check needs a phase");
        }
        Map<String, String> given = new HashMap<>();
        for (String arg : args.subList(1, args.size())) {
            int equals = arg.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + arg + "' is not KEY=VALUE");
            }
            given.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        Claims claims = new Claims(out);
        Check check = new Check(given, claims);
        switch (args.get(0)) {
            case "control" -> check.attackSucceeded();
            case "audit" -> check.audit();
            case "block" -> check.block();
            case "clean" -> check.clean();
            default -> throw new UsageException("unknown phase '" + args.get(0) + "'");
        }
        return claims.failed() ? 1 : 0;
    }

    private void attackSucceeded() throws IOException {
        exits(0);
        String loot = sink.received(Zone.ATTACKER);
        claims.that("attacker.test received the planted secret", loot.contains(secret), loot);
        claims.that(
                "malicious.test received the planted secret in DNS names",
                sink.tunnelled().startsWith(secret + " "),
                sink.queries(Zone.MALICIOUS));
        claims.that("index.js was overwritten", !indexIsAsCheckedOut(), "unchanged");
    }

    private void audit() throws IOException {
        attackSucceeded();
        ReportView report = supervised();
        claims.that(
                "the verdict is violated: a tracked file changed", report.text("verdict").equals("violated"),
                report.text("verdict"));
        Optional<JsonNode> endpoint = report.endpoint("attacker.test", "tcp", port);
        claims.that(
                "the report shows attacker.test:" + port + " as would-block",
                endpoint.filter(e -> e.path("verdict").asText().equals("would-block")).isPresent(),
                report.at("/endpoints"));
        endpoint.ifPresent(e -> attributed(report, e));
        claims.that(
                "a finding names the package that contacts attacker.test in its preinstall script",
                report.finding("lifecycle-script-egress", "goat-evil-phone-home@1.0.0", "preinstall", "attacker.test:" + port)
                        .isPresent(),
                report.at("/findings"));
        tampering(report);
        claims.that(
                "a finding reports the DNS tunnel under malicious.test",
                report.finding("dns-tunnelling", "malicious.test").isPresent(),
                report.at("/findings"));
        List<String> recommended = report.recommended();
        claims.that(
                "the recommended policy keeps registry.test:" + port,
                recommended.contains("registry.test" + (port == 443 ? "" : ":" + port))
                        || recommended.contains("registry.test:" + port),
                report.at("/recommendation"));
        claims.that(
                "the recommended policy leaves the attackers out",
                recommended.stream().noneMatch(r -> r.matches(".*(attacker|malicious)\\.test.*|127\\..*")),
                recommended);
    }

    private void block() throws IOException {
        claims.that("npm install failed", !value("exit").matches("0|120|125"), "exit status " + value("exit"));
        claims.that(
                "npm says why: the name or the address of attacker.test is refused",
                output.matches("(?s).*attacker\\.test[^\n]*ENOTFOUND.*127\\.0\\.1\\.9[^\n]*EACCES.*"),
                output);
        claims.that("attacker.test received no connection", sink.connections(Zone.ATTACKER) == 0,
                sink.connections(Zone.ATTACKER));
        claims.that("malicious.test received no connection", sink.connections(Zone.MALICIOUS) == 0,
                sink.connections(Zone.MALICIOUS));
        claims.that("nobody outside was asked for attacker.test", sink.queries(Zone.ATTACKER).isEmpty(),
                sink.queries(Zone.ATTACKER));
        claims.that("nobody outside was asked for a name under malicious.test", sink.queries(Zone.MALICIOUS).isEmpty(),
                sink.queries(Zone.MALICIOUS));
        claims.that("registry.test, which the policy allows, was reached",
                sink.received(Zone.REGISTRY).contains("GET " + HttpAnswer.WORDS), sink.received(Zone.REGISTRY));
        ReportView report = supervised();
        claims.that("the verdict is violated", report.text("verdict").equals("violated"), report.text("verdict"));
        claims.that("the report shows the name attacker.test as blocked",
                report.endpoint("attacker.test", "dns", 53).filter(Check::isBlocked).isPresent(),
                report.at("/endpoints"));
        Optional<JsonNode> direct = report.endpointAt(Zone.ATTACKER.address(), port);
        claims.that("the report shows the attempt on the bare address 127.0.1.9:" + port + " as blocked by the default",
                direct.filter(e -> isBlocked(e) && e.path("rule").asText().equals("default")).isPresent(),
                report.at("/endpoints"));
        direct.ifPresent(e -> attributed(report, e));
        claims.that("registry.test:" + port + " is in the report as allowed, by a rule of the command line",
                report.endpoint("registry.test", "tcp", port)
                        .filter(e -> e.path("verdict").asText().equals("allowed") && ruleOf(report, e).contains("--allow"))
                        .isPresent(),
                report.at("/endpoints"));
        Optional<JsonNode> refused = report.finding("egress-blocked", "attacker.test");
        claims.that("a finding explains which rule refused attacker.test",
                refused.filter(f -> f.path("explanation").asText().contains("default")).isPresent(),
                report.at("/findings"));
        claims.that("and it gives the line that would allow it",
                refused.filter(f -> f.path("remedy").asText().contains("attacker.test")).isPresent(),
                report.at("/findings"));
        tampering(report);
    }

    private void clean() throws IOException {
        exits(0);
        claims.that("the project built as checked out", output.contains("index.js as checked out: alpine"), output);
        claims.that("registry.test, which the policy allows, was reached",
                sink.received(Zone.REGISTRY).contains("GET " + HttpAnswer.WORDS), sink.received(Zone.REGISTRY));
        ReportView report = supervised();
        claims.that("the verdict is ok", report.text("verdict").equals("ok"), report.text("verdict"));
        claims.that("nothing was refused", report.findings("egress-blocked").findAny().isEmpty(), report.at("/findings"));
    }

    /** In audit a tracked file that changed is a finding; where writing was refused, the file is as it was. */
    private void tampering(ReportView report) throws IOException {
        if (report.at("/policy/filePolicy").asText().equals("block")) {
            claims.that("index.js is as checked out", indexIsAsCheckedOut(), "overwritten");
            return;
        }
        Optional<JsonNode> finding = report.finding("source-tampered", "index.js");
        claims.that("a finding reports that index.js, a tracked file, changed", finding.isPresent(), report.at("/findings"));
        Optional<JsonNode> file = report.all("files")
                .filter(f -> f.path("path").asText().endsWith("/index.js") || f.path("path").asText().equals("index.js"))
                .filter(f -> f.path("tracked").asBoolean())
                .findFirst();
        claims.that("with its digests before and after",
                file.filter(f -> !f.path("before").asText().isEmpty()
                                && !f.path("after").asText().isEmpty()
                                && !f.path("before").equals(f.path("after")))
                        .isPresent(),
                report.at("/files"));
        claims.that("and the package that did it",
                file.filter(f -> report.lineages(f).stream()
                                .anyMatch(l -> l.path("package").asText().equals("goat-evil-edit")))
                        .isPresent(),
                report.at("/files"));
    }

    /** The endpoint's process chain leads from the payload to the build script, with command lines and package. */
    private void attributed(ReportView report, JsonNode endpoint) {
        List<JsonNode> lineages = report.lineages(endpoint);
        claims.that("its chain is node ← sh -c ← npm install ← sh build.sh, with full command lines",
                lineages.stream().anyMatch(l -> isPayloadChain(ReportView.commandLines(l))),
                lineages.stream().map(ReportView::commandLines).toList());
        claims.that("it names the package goat-evil-phone-home and its script preinstall",
                lineages.stream().anyMatch(l -> l.path("package").asText().equals("goat-evil-phone-home")
                        && l.path("packageVersion").asText().equals("1.0.0")
                        && l.path("script").asText().equals("preinstall")),
                lineages);
    }

    static boolean isPayloadChain(List<String> commandLines) {
        return commandLines.size() >= 4
                && commandLines.get(0).matches("(\\S*/)?node preinstall\\.js")
                && commandLines.get(1).matches("(\\S*/)?(sh|dash|bash) -c (-- )?node preinstall\\.js")
                && commandLines.get(2).matches(".*npm\\S* install.*")
                && commandLines.get(3).matches("(\\S*/)?(sh|dash|bash) \\S*build\\.sh");
    }

    private ReportView supervised() throws IOException {
        Path folder = Path.of(value("report"));
        ReportView report = new ReportView(folder.resolve("report.json"));
        claims.that("the run was supervised",
                report.text("state").matches("enforced|degraded") && report.at("/launches").asInt() == 1,
                report.text("state") + " " + report.at("/degraded"));
        claims.that("the evidence is intact", report.at("/integrity/intact").asBoolean(), report.at("/integrity"));
        claims.that("the report has the exit status of the command",
                report.at("/exitCode").asText().equals(value("exit")), report.at("/exitCode"));
        String page = Files.readString(folder.resolve("report.html"));
        claims.that("report.html is one file with the data in it",
                page.contains("id=\"harden-runner-data\"") && !page.matches("(?s).*<(script|link|img)[^>]+(src|href)=\"(?!data:).*"),
                "no embedded data, or a reference to another file");
        return report;
    }

    private static boolean isBlocked(JsonNode endpoint) {
        return endpoint.path("verdict").asText().equals("blocked");
    }

    private static String ruleOf(ReportView report, JsonNode endpoint) {
        for (JsonNode rule : report.at("/policy/rules")) {
            if (rule.path("id").equals(endpoint.path("rule"))) {
                return rule.toString();
            }
        }
        return "";
    }

    private void exits(int status) {
        claims.that("the build exits with " + status, value("exit").equals(String.valueOf(status)), value("exit"));
    }

    private boolean indexIsAsCheckedOut() throws IOException {
        return Files.readString(Path.of(value("project"), "index.js")).contains("index.js as checked out");
    }

    private String value(String key) {
        String value = given.get(key);
        if (value == null) {
            throw new UsageException("check: " + key + "= is missing");
        }
        return value;
    }
}
