package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.hardenrunner.engine.Schemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy holds, and what happened is reported. */
class RunPolicyIT {
    @TempDir
    Path temporary;

    private Path folder;

    @BeforeAll
    static void requireHelper() {
        Launcher.assumeReady();
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("ws"));
    }

    private Launcher.Result run(String... arguments) throws IOException, InterruptedException {
        return new Launcher(folder).run(arguments);
    }

    private JsonNode report() throws IOException {
        return Launcher.report(folder.resolve("out"));
    }

    private static List<JsonNode> endpoints(JsonNode report, String verdict) {
        List<JsonNode> found = new ArrayList<>();
        report.path("endpoints").forEach(row -> {
            if (row.path("verdict").asText().equals(verdict)) {
                found.add(row);
            }
        });
        return found;
    }

    private static List<String> findings(JsonNode report) {
        List<String> kinds = new ArrayList<>();
        report.path("findings").forEach(finding -> kinds.add(finding.path("kind").asText()));
        return kinds;
    }

    @Test
    void blockRefusesWhatNoRuleAllowsAndTheServerSeesNothing() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            Launcher.Result result = run("run", "--egress-policy", "block", "--loopback", "own", "--report", "out", "--",
                    "curl", "-sS", "http://" + listener.endpoint() + "/");
            assertThat(result.status(), is(7)); // curl: failed to connect
            assertThat(listener.connections(), is(0));
            assertThat(result.millis(), lessThan(10_000L));
            List<JsonNode> blocked = endpoints(report(), "blocked");
            assertThat(blocked.size(), is(1));
            assertThat(blocked.get(0).path("address").asText() + ":" + blocked.get(0).path("port").asInt(), is(listener.endpoint()));
            assertThat(blocked.get(0).path("rule").asText(), is("default"));
            JsonNode lineage = report().path("lineages").get(0);
            assertThat(lineage.path("id"), is(blocked.get(0).path("lineages").get(0)));
            List<String> argv = new ArrayList<>();
            lineage.at("/processes/0/argv").forEach(argument -> argv.add(argument.asText()));
            assertThat(argv, is(List.of("curl", "-sS", "http://" + listener.endpoint() + "/")));
            assertThat(report().path("verdict").asText(), is("violated"));
            assertThat(report().path("state").asText(), not("off"));
            assertThat(result.err(), containsString("--allow '" + listener.endpoint() + "'"));
        }
    }

    @Test
    void auditRecordsTheSameWithoutChangingTheCommand() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            Launcher.Result result = run("run", "--loopback", "own", "--report", "out", "--", "curl", "-sS", "http://" + listener.endpoint() + "/");
            assertThat(result.status(), is(0));
            assertThat(result.out(), is("hello\n"));
            assertThat(listener.connections(), is(1));
            assertThat(endpoints(report(), "would-block").size(), is(1));
            assertThat(report().at("/recommendation/text").asText(), is(listener.endpoint() + "\n"));
        }
    }

    @Test
    void anAllowRuleLetsItThrough() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            Launcher.Result result = run("run", "--egress-policy", "block", "--loopback", "own", "--allow", listener.endpoint(),
                    "--report", "out", "--", "curl", "-sS", "http://" + listener.endpoint() + "/");
            assertThat(result.status(), is(0));
            assertThat(result.out(), is("hello\n"));
            JsonNode allowed = endpoints(report(), "allowed").get(0);
            assertThat(allowed.path("rule").asText(), is("a1"));
            assertThat(report().at("/policy/rules/0/origin").asText(), is("--allow"));
            assertThat(report().path("verdict").asText(), is("ok"));
        }
    }

    @Test
    void aBlockRuleHoldsInAuditToo() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            run("run", "-q", "--block", listener.endpoint(), "--report", "out", "--", "curl", "-sS", "http://" + listener.endpoint() + "/");
            assertThat(listener.connections(), is(0));
            assertThat(endpoints(report(), "blocked").get(0).path("rule").asText(), is("b1"));
        }
    }

    @Test
    void aViolationThatTheCommandSwallowsFailsWithItsOwnStatus() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            String script = "curl -s http://" + listener.endpoint() + "/ || true";
            assertThat(run("run", "-q", "--egress-policy", "block", "--loopback", "own", "--", "sh", "-c", script).status(), is(120));
            assertThat(run("run", "-q", "--egress-policy", "block", "--loopback", "own", "--on-violation", "warn", "--", "sh", "-c", script).status(), is(0));
            assertThat(run("run", "-q", "--egress-policy", "block", "--loopback", "own", "--", "sh", "-c", script + "; exit 3").status(), is(3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--policy=missing.yaml", "--policy=broken.yaml", "--policy=future.yaml", "--policy=.", "--allow=a.example:0",
            "--allow=*.com", "--block=http://x.example", "--egress-policy=blok", "--dns-upstream=dns.example", "--protect=[",
            "--baseline=missing.json", "--loopback=maybe"})
    void whatCannotBeUnderstoodStartsNothing(String option) throws Exception {
        Files.writeString(folder.resolve("broken.yaml"), "version: 1\nallowedEndpoints: {");
        Files.writeString(folder.resolve("future.yaml"), "version: 99\n");
        Launcher.Result result = run("run", option, "--", "touch", "started");
        assertThat(result.status(), is(125));
        assertThat(result.err(), startsWith("harden-runner: "));
        assertThat(result.err().lines().count(), is(1L));
        assertThat(Files.exists(folder.resolve("started")), is(false));
    }

    /** A second filter with a listener is not possible: the kernel feature that block needs is missing inside. */
    @Test
    void blockWithoutTheKernelFeatureStartsNothing() throws Exception {
        String inner = Launcher.REPOSITORY.resolve("bin/harden-runner").toString();
        Launcher.Result result = run("run", "-q", "--", inner, "run", "--egress-policy", "block", "--", "touch", "started");
        assertThat(result.status(), is(125));
        assertThat(result.err().lines().count(), is(1L));
        assertThat(Files.exists(folder.resolve("started")), is(false));
    }

    /** A helper that starts the command but supervises nothing, as a broken or exchanged one would. */
    @Test
    void aRunWithoutEventsIsNeverASuccess() throws Exception {
        Launcher.Result result = new Launcher(folder).environment("HARDEN_HELPER=/bin/true").run("run", "--", "true");
        assertThat(result.status(), is(125));
        assertThat(result.err(), is("harden-runner: the supervisor left no events (exit status 0)\n"));
    }

    @Test
    void aKilledSupervisorLeavesErrorsToTheCommandAndMissingEvidenceInTheReport() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            Launcher launcher = new Launcher(folder);
            Process process = launcher.start("run", "-q", "--report", "out", "--", "sh", "-c",
                    "touch started; while test ! -e killed; do :; done; curl -s http://" + listener.endpoint() + "/");
            Waiting.until(() -> Files.exists(folder.resolve("started")));
            // The JVM's child is the front, the front's child the supervisor; the command is the supervisor's.
            ProcessHandle front = process.children().findFirst().orElseThrow();
            ProcessHandle supervisor = front.children().findFirst().orElseThrow();
            supervisor.destroyForcibly();
            Waiting.until(() -> !supervisor.isAlive());
            new ProcessBuilder("touch", folder.resolve("killed").toString()).start().waitFor();
            Launcher.Result result = launcher.wait(process);
            assertThat(result.status(), is(125));
            assertThat(listener.connections(), is(0));
            assertThat(report().path("verdict").asText(), is("violated"));
            assertThat(findings(report()), is(List.of("evidence-missing")));
        }
    }

    @Test
    void theRecordsFitTheirSchemasAndVerify() throws Exception {
        run("run", "-q", "--report", "out", "--", "sh", "-c", "ls > listing; mkdir -p a; mv listing a/; rm -r a");
        for (String line : Files.readAllLines(folder.resolve("out/events.ndjson"))) {
            assertThat(line, Schemas.errors("event", line), empty());
        }
        assertThat(Schemas.errors("report", Files.readString(folder.resolve("out/report.json"))), empty());
        Launcher.Result verified = run("verify", "out");
        assertThat(verified.out(), containsString("ok      launch 1"));
        assertThat(verified.out(), endsWith("\nintact\n"));
        assertThat(verified.status(), is(0));
        assertThat(report().at("/integrity/problems").size(), is(0));
        assertThat(report().path("exitCode").asInt(), is(0));
    }

    @Test
    void aChangedSourceIsReportedWithDigestsDiffAndProcess() throws Exception {
        Launcher.assumeCommand("git");
        Files.writeString(folder.resolve("index.js"), "one\ntwo\n");
        Files.writeString(folder.resolve(".gitignore"), "out\n");
        String setUp = "git init -q && git add -A && git -c user.name=t -c user.email=t@example.com commit -q -m x";
        assertThat(new ProcessBuilder("sh", "-c", setUp).directory(folder.toFile()).start().waitFor(), is(0));
        Launcher.Result result = run("run", "--report", "out", "--", "sh", "-c", "echo evil >> index.js");
        assertThat(result.status(), is(0));
        JsonNode file = report().path("files").get(0);
        assertThat(file.path("path").asText(), is(folder.toRealPath().resolve("index.js").toString()));
        assertThat(file.path("tracked").asBoolean(), is(true));
        assertThat(file.path("before"), not(file.path("after")));
        assertThat(file.path("diff").asText(), containsString("+evil"));
        assertThat(file.path("lineages").size(), greaterThan(0));
        assertThat(findings(report()).contains("source-tampered"), is(true));
        assertThat(report().path("verdict").asText(), is("violated"));
    }

    @Test
    void aBaselineMakesWhatIsNewADeviation() throws Exception {
        Launcher.assumeCommand("curl");
        try (Listener listener = new Listener("127.0.1.9")) {
            run("run", "-q", "--loopback", "own", "--report", "out", "--", "true");
            Files.move(folder.resolve("out/report.json"), folder.resolve("baseline.json"));
            Launcher.Result result = run("run", "--loopback", "own", "--baseline", "baseline.json", "--report", "out", "--",
                    "curl", "-s", "http://" + listener.endpoint() + "/");
            assertThat(result.err(), containsString("+ endpoint " + listener.endpoint()));
            assertThat(report().path("verdict").asText(), is("deviates"));
        }
    }

    @Test
    void thePageOpensFromDiskAndShowsTheReport() throws Exception {
        Launcher.assumeCommand("curl");
        Launcher.assumeCommand("chromium");
        try (Listener listener = new Listener("127.0.1.9")) {
            run("run", "-q", "--egress-policy", "block", "--loopback", "own", "--report", "out", "--", "curl", "-s", "http://" + listener.endpoint() + "/");
            Process browser = new ProcessBuilder("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                    "--user-data-dir=" + temporary.resolve("profile"), "--virtual-time-budget=5000", "--dump-dom",
                    folder.resolve("out/report.html").toUri().toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String dom = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            browser.waitFor();
            String shown = dom.replaceAll("(?s)<script.*?</script>", "");
            assertThat(shown, containsString(Integer.toString(listener.port())));
            assertThat(shown, containsString("127.0.1.9"));
        }
    }
}
