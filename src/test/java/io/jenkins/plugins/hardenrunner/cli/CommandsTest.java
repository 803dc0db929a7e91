package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    @TempDir
    Path folder;

    private String out;
    private String err;

    private int run(String... arguments) {
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            return HardenRunner.execute(arguments);
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
            out = outBytes.toString(StandardCharsets.UTF_8);
            err = errBytes.toString(StandardCharsets.UTF_8);
        }
    }

    private Path events(String name, EventLog log) throws IOException {
        return Files.writeString(folder.resolve(name), log.text());
    }

    private static EventLog log(String host) {
        return new EventLog().start("curl").process(1, 0, "/usr/bin/curl", "/ws", "curl", "https://" + host)
                .connect(1, "192.0.2.1", 443, host, "would-block", "default").end(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --allow a.example --block b.example a.example     | 0 | allowed
            --allow a.example --block a.example a.example:443 | 1 | blocked
            --allow a.example b.example                       | 1 | blocked
            --allow *.a.example x.a.example                   | 0 | allowed
            --allow *.a.example a.example                     | 1 | blocked
            --allow a.example:8000-8100 a.example:8050        | 0 | allowed
            --allow udp://a.example:53 a.example:53           | 1 | blocked
            --allow 192.0.2.0/24 192.0.2.77                   | 0 | allowed
            127.0.0.1:80                                      | 0 | allowed
            169.254.169.254:80                                | 1 | blocked
            """)
    void explainSaysTheVerdictFirst(String arguments, int code, String verdict) {
        assertThat(run(("policy explain " + arguments).trim().split(" ")), is(code));
        assertThat(out, startsWith(verdict + "\n"));
        assertThat(out, containsString("trace:\n  egressPolicy: audit (built-in default)"));
    }

    @Test
    void explainNamesRuleOriginAndRemedy() throws IOException {
        Path policy = Files.writeString(folder.resolve("goat.yaml"),
                "version: 1\nblockedEndpoints:\n - {endpoint: a.example, reason: phishing}\n");
        assertThat(run("policy", "explain", "--policy", policy.toString(), "a.example"), is(1));
        assertThat(out, containsString("block rule 'a.example:443' of policy file goat.yaml matches (phishing)"));
        assertThat(out, containsString("remedy: Remove 'a.example:443' from the block list of policy file goat.yaml"));
        run("policy", "explain", "c.example:8443");
        assertThat(out, containsString("--allow 'c.example:8443'"));
    }

    @Test
    void explainTellsOfFloorCeilingAndRisk() throws IOException {
        Path org = Files.writeString(folder.resolve("org.yaml"), """
                version: 1
                policy: default
                ceiling: []
                floor: {egressPolicy: block}
                policies: {default: {extends: [pypi], egressPolicy: audit}}
                """);
        assertThat(run("policy", "explain", "--policy", org.toString(), "--allow", "webhook.site", "webhook.site"), is(1));
        assertThat(out, startsWith("blocked\n"));
        assertThat(out, containsString("reason: no allow rule matches: the rule 'webhook.site:443' of --allow does, but goes beyond"
                + " the ceiling of policy file org.yaml\n"));
        assertThat(out, containsString("remedy: If it is meant, it must be added to the ceiling of policy file org.yaml: 'webhook.site:443'.\n"));
        assertThat(out, containsString("risk: exfil-capable (request-catcher): "));
        assertThat(out, containsString("  egressPolicy: block (floor of policy file org.yaml), overrules audit (policy file org.yaml, policy 'default')\n"));
        assertThat(out, containsString("  allow webhook.site:443: not allowed (ceiling of policy file org.yaml), overrules allow (--allow)\n"));
        assertThat(run("policy", "explain", "--policy", org.toString(), "pypi.org"), is(0));
        assertThat(out, containsString(": allow pypi.org:443 (preset 'pypi')\n"));
    }

    @Test
    void presetsAreUsedAndPrintedByTheirNames() {
        assertThat(run("policy", "explain", "--policy-name", "pypi", "files.pythonhosted.org"), is(0));
        assertThat(run("policy", "print", "--policy-name", "go"), is(0));
        assertThat(out, containsString("  - \"proxy.golang.org:443\" # preset 'go'\n"));
        assertThat(run("policy", "print", "--policy-name", "pip"), is(2));
        assertThat(err, containsString("the policy 'pip', which the command line names, is not defined"));
    }

    @Test
    void importsTheInputsOfTheGitHubAction() throws IOException {
        Path workflow = Files.writeString(folder.resolve("w.yml"), "egress-policy: block\ndisable-sudo: true\nallowed-endpoints: >\n  a.example:443\n  b.example:80\n");
        assertThat(run("policy", "import", workflow.toString()), is(0));
        assertThat(out, is("version: 1\negressPolicy: \"block\"\nallowedEndpoints:\n  - \"a.example:443\"\n  - \"b.example:80\"\n"));
        assertThat(err, containsString("not part of a policy: disable-sudo"));
        Path bad = Files.writeString(folder.resolve("bad.yml"), "allowed-endpoints: >\n  a.example:99999\n");
        assertThat(run("policy", "import", bad.toString()), is(2));
        assertThat(err, containsString("bad.yml, line 2: endpoint 'a.example:99999', character 13"));
    }

    @Test
    void checkFollowsWhatDefinitionsExtend() throws IOException {
        Path circle = Files.writeString(folder.resolve("c.yaml"), "version: 1\npolicies: {a: {extends: [b]}, b: {extends: [a]}}\n");
        assertThat(run("policy", "check", circle.toString()), is(2));
        assertThat(err, containsString("c.yaml: policies extend each other in a circle: 'a' extends 'b' extends 'a'"));
        Path missing = Files.writeString(folder.resolve("m.yaml"), "version: 1\npolicies: {a: {extends: [nothing]}}\n");
        assertThat(run("policy", "check", missing.toString()), is(2));
        assertThat(err, containsString("m.yaml: the policy 'nothing', which the policy 'a' names, is not defined"));
        Path far = Files.writeString(folder.resolve("far.yaml"), "version: 1\npolicies: {nothing: {}}\n");
        assertThat(run("policy", "check", missing.toString(), far.toString()), is(0));
        assertThat(run("policy", "check", far.toString(), missing.toString()), is(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --allow a.example:0 b.example | --allow: endpoint 'a.example:0', character 11
            --block *.com b.example       | --block: endpoint '*.com', character 1
            https://a.example/x           | character 1: an endpoint is not a URL
            *.a.example                   | character 1: a target is one host
            192.0.2.0/24:80               | character 10: a target is one host
            a.example:80,81               | character 11: a target has one port
            """)
    void explainRefusesBadInputWithItsPosition(String arguments, String message) {
        assertThat(run(("policy explain " + arguments).split(" ")), is(2));
        assertThat(err, containsString(message));
        assertThat(err.lines().count(), is(1L));
        assertThat(out, is(""));
    }

    @Test
    void checkSaysOfEachFileWhetherItIsAPolicy() throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), "version: 1\nallowedEndpoints: [a.example]\n");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "version: 1\nallowedEndpoints: ['a.example:0']\n");
        assertThat(run("policy", "check", good.toString()), is(0));
        assertThat(out, containsString("ok, 1 allowed, 0 blocked\n"));
        assertThat(run("policy", "check", bad.toString(), good.toString()), is(2));
        assertThat(err, containsString("bad.yaml, line 2: allowedEndpoints[0]: endpoint 'a.example:0', character 11"));
        assertThat(out, containsString("good.yaml: ok"));
    }

    @Test
    void mergeAndPrintGiveAPolicyThatChecks() throws IOException {
        Path near = Files.writeString(folder.resolve("near.yaml"), "version: 1\negressPolicy: audit\nallowedEndpoints: [a.example]\n");
        Path far = Files.writeString(folder.resolve("far.yaml"), "version: 1\negressPolicy: block\nallowedEndpoints: [b.example]\n");
        assertThat(run("policy", "merge", near.toString(), far.toString()), is(0));
        assertThat(out, containsString("egressPolicy: \"audit\" # policy file near.yaml, overrules 'block' of policy file far.yaml"));
        Path merged = Files.writeString(folder.resolve("merged.yaml"), out);
        assertThat(run("policy", "check", merged.toString()), is(0));
        assertThat(run("policy", "print", "--policy", merged.toString(), "--format", "compiled"), is(0));
        assertThat(out, containsString("rule a1 allow tcp name a.example 443\n b.example\n"));
        assertThat(run("policy", "print", "--format", "xml"), is(2));
    }

    @Test
    void verifyTellsAnIntactFileFromAnAlteredOne() throws IOException {
        Path good = events("events.ndjson", log("a.example"));
        assertThat(run("verify", folder.toString()), is(0));
        assertThat(out, containsString("intact: 5 events, head "));
        assertThat(run("verify", "--nonce", EventLog.NONCE, good.toString()), is(0));
        assertThat(run("verify", "--nonce", "00", good.toString()), is(1));
        Path bad = Files.writeString(folder.resolve("bad.ndjson"), log("a.example").text().replace("192.0.2.1", "192.0.2.9"));
        assertThat(run("verify", bad.toString()), is(1));
        assertThat(out, containsString("line 3: altered"));
    }

    /** A file that was rewritten as a whole has a right chain, but not the one that the report was made of. */
    @Test
    void verifyComparesTheFileWithTheReportBesideIt() throws IOException {
        events("events.ndjson", log("a.example"));
        run("report", "--format", "json", "-o", folder.resolve("report.json").toString(), folder.resolve("events.ndjson").toString());
        assertThat(run("verify", folder.toString()), is(0));
        events("events.ndjson", log("b.example"));
        assertThat(run("verify", folder.toString()), is(1));
        assertThat(out, containsString("report.json was made of 5 events"));
    }

    @Test
    void reportShowsAnEventFileAsTextJsonAndHtml() throws IOException {
        Path file = events("events.ndjson", log("a.example"));
        assertThat(run("report", file.toString()), is(0));
        assertThat(out, containsString("a.example:443"));
        assertThat(run("report", "--format", "json", file.toString()), is(0));
        assertThat(out, containsString("\"schema\" : 1"));
        assertThat(run("report", "--format", "pdf", file.toString()), is(2));
        assertThat(run("report", folder.resolve("none").toString()), is(2));
        assertThat(err, containsString("no such file"));
    }

    @Test
    void diffNamesWhatIsNew() throws IOException {
        Path a = events("a.ndjson", log("a.example"));
        Path b = events("b.ndjson", log("b.example"));
        assertThat(run("diff", a.toString(), a.toString()), is(0));
        assertThat(out, is(""));
        assertThat(run("diff", a.toString(), b.toString()), is(1));
        assertThat(out, is("+ endpoint b.example:443\n- endpoint a.example:443\n"));
    }

    @Test
    void diffTakesABaselineFromJenkins() throws IOException {
        String block = "{'name':'NAME','builds':5,'seen':5,'entries':[{'kind':'endpoint','protocol':'tcp','host':'a.example','port':443,"
                + "'programs':['curl'],'firstSeen':'2026-11-23T11:00:00Z','lastSeen':'2026-11-23T11:00:00Z','count':5}],"
                + "'deviations':[],'unwanted':[]}";
        String head = "{'format':'harden-runner-baseline','schema':1,'revision':1,'blocks':[";
        Path baseline = Files.writeString(folder.resolve("baseline.json"),
                (head + block.replace("NAME", "test") + "]}").replace('\'', '"'));
        assertThat(run("diff", baseline.toString(), events("a.ndjson", log("a.example")).toString()), is(0));
        assertThat(run("diff", baseline.toString(), events("b.ndjson", log("b.example")).toString()), is(1));
        assertThat(out, is("+ endpoint b.example:443\n- endpoint a.example:443\n"));
        Path two = Files.writeString(folder.resolve("two.json"),
                (head + block.replace("NAME", "test") + "," + block.replace("NAME", "deploy") + "]}").replace('\'', '"'));
        assertThat(run("diff", two.toString(), folder.resolve("a.ndjson").toString()), is(2));
        assertThat(err, containsString("name one of the blocks 'test', 'deploy'"));
        assertThat(run("diff", "--block", "deploy", two.toString(), folder.resolve("a.ndjson").toString()), is(0));
        Path broken = Files.writeString(folder.resolve("broken.json"), Files.readString(baseline).replace("\"port\":443", "\"port\":-1"));
        assertThat(run("diff", broken.toString(), folder.resolve("a.ndjson").toString()), is(2));
        assertThat(err, containsString("blocks[0]"));
    }

    @Test
    void recommendJoinsReportsAndItsFormatsAreUsable() throws IOException {
        Path a = events("a.ndjson", log("a.example"));
        Path b = events("b.ndjson", log("b.example"));
        assertThat(run("recommend", a.toString(), b.toString(), a.toString()), is(0));
        assertThat(out, is("a.example:443\nb.example:443\n"));
        assertThat(run("recommend", "--format", "jenkinsfile", a.toString(), a.toString()), is(0));
        assertThat(out, containsString("'a.example:443', // 2 times"));
        assertThat(run("recommend", "--format", "policy", a.toString()), is(0));
        Path policy = Files.writeString(folder.resolve("p.yaml"), out);
        assertThat(run("policy", "explain", "--policy", policy.toString(), "a.example"), is(0));
        assertThat(run("policy", "explain", "--policy", policy.toString(), "b.example"), is(1));
    }

    /** What never ends, or is larger than any such file, is refused in one line, with the status of a bad question. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            policy check /dev/zero                       | policy file /dev/zero is larger than 4 MiB
            policy explain --policy /dev/zero a.example  | policy file /dev/zero is larger than 4 MiB
            policy import /dev/zero                      | /dev/zero is larger than 4 MiB
            verify --key /dev/zero .                     | /dev/zero is larger than 1 MiB
            """)
    void whatNeverEndsIsRefused(String arguments, String message) {
        assertThat(run(arguments.trim().split(" +")), is(2));
        assertThat(err, is("harden-runner: " + message + "\n"));
    }

    @Test
    void badUsageIsOneLineAndTheStatusOfTheCommand() {
        assertThat(run("diff", "x"), is(2));
        assertThat(err.lines().count(), is(1L));
        assertThat(run("run", "--no-such-option", "true"), is(125));
        assertThat(err, containsString("Unknown option"));
        assertThat(run("policy"), is(2));
        assertThat(run(), is(2));
    }

    @Test
    void aCommandStartsAtTheFirstWordThatIsNoOption() {
        assertThat(run("run", "--egress-policy", "nonsense", "ls", "--help"), is(125));
        assertThat(err, containsString("'nonsense' is not a known egress policy"));
        assertThat(out, not(containsString("Usage")));
    }
}
