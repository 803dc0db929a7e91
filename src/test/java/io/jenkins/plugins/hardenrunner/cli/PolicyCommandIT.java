package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/harden-runner policy}, and that a run does what it says. */
class PolicyCommandIT {
    private static final String ORGANISATION = """
            version: 1
            policy: default
            floor: {egressPolicy: block}
            ceiling: ["127.0.1.0/24:*"]
            blockedEndpoints:
              - endpoint: "127.0.1.66:*"
                reason: seen in an incident
            policies:
              default: {extends: [base], loopback: own}
              base: {egressPolicy: audit, allowedEndpoints: [packages.example.com]}
            """;

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeAll
    static void requireHelper() {
        Launcher.assumeReady();
    }

    @BeforeEach
    void writePolicies() throws IOException {
        folder = Files.createDirectory(temporary.resolve("ws"));
        Files.writeString(folder.resolve("org.yaml"), ORGANISATION);
        Files.writeString(folder.resolve("bad.yaml"), "version: 1\nallowedEndpoints:\n  - fine.example\n  - bad.example:0\n");
    }

    private Launcher.Result policy(String arguments) throws IOException, InterruptedException {
        return new Launcher(folder).run(("policy " + arguments).split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain --policy org.yaml packages.example.com                    | 0 | allowed\\n
            explain --policy org.yaml other.example                           | 1 | blocked\\n
            explain --policy org.yaml --allow other.example other.example     | 1 | blocked\\n
            explain --policy org.yaml --allow 127.0.1.9:8080 127.0.1.9:8080   | 0 | allowed\\n
            explain --policy org.yaml --allow 127.0.1.66:80 127.0.1.66:80     | 1 | blocked\\n
            explain --policy-name pypi pypi.org                               | 0 | allowed\\n
            check org.yaml                                                    | 0 | org.yaml: ok, 0 allowed, 1 blocked, 2 policies\\n
            merge org.yaml                                                    | 0 | version: 1\\negressPolicy: "block" # floor of policy file org.yaml
            print --policy org.yaml --format compiled                         | 0 | harden-policy 1\\negress block\\n
            """)
    void answersFirstThenExplains(String arguments, int status, String output) throws IOException, InterruptedException {
        Launcher.Result result = policy(arguments);
        assertThat(result.err(), result.status(), is(status));
        assertThat(result.out(), startsWith(output.replace("\\n", "\n")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain --allow a.example:0 b.example | harden-runner: --allow: endpoint 'a.example:0', character 11: port 0 is not between 1 and 65535
            explain --block https://x.test/y z    | harden-runner: --block: endpoint 'https://x.test/y', character 1: an endpoint is not a URL
            explain a.example:80,81               | harden-runner: endpoint 'a.example:80,81', character 11: a target has one port
            explain --policy bad.yaml a.example   | harden-runner: bad.yaml, line 4: allowedEndpoints[1]: endpoint 'bad.example:0', character 13
            explain --policy none.yaml a.example  | harden-runner: policy file none.yaml does not exist
            check bad.yaml                        | harden-runner: bad.yaml, line 4
            """)
    void badInputEndsWithTwoAndOneLineThatSaysWhere(String arguments, String message) throws IOException, InterruptedException {
        Launcher.Result result = policy(arguments);
        assertThat(result.status(), is(2));
        assertThat(result.out(), is(""));
        assertThat(result.err(), startsWith(message));
        assertThat(result.err().lines().count(), is(1L));
    }

    /** The floor makes it block, the ceiling lets the one address stand, and the block list has the last word. */
    @Test
    void aRunUnderAnOrganisationsFileDoesWhatExplainSays() throws Exception {
        Launcher.assumeCommand("python3");
        String call = "import socket\nfor a in ('127.0.1.9', '127.0.1.66', '127.0.2.9'):\n"
                + "  s = socket.socket()\n  s.settimeout(5)\n  try: s.connect((a, 9))\n  except OSError as e: print(a, e.errno)\n";
        Launcher.Result result = new Launcher(folder).run("run", "--egress-policy", "audit", "--policy", "org.yaml",
                "--allow", "127.0.1.9:9", "--allow", "127.0.1.66:9", "--allow", "127.0.2.9:9", "--report", "out",
                "--on-violation", "warn", "--", "python3", "-c", call);
        // 111: nobody listens; 13: refused by the policy.
        assertThat(result.out(), is("127.0.1.9 111\n127.0.1.66 13\n127.0.2.9 13\n"));
        JsonNode report = Launcher.report(folder.resolve("out"));
        String findings = report.path("findings").toString();
        assertThat(findings, containsString("reason: seen in an incident"));
        assertThat(findings, containsString("the rule '127.0.2.9:9' of --allow goes beyond the ceiling of policy file org.yaml"));
        assertThat(report.path("policy").path("trace").toString(),
                containsString("{\"setting\":\"egressPolicy\",\"value\":\"block\",\"origin\":\"floor of policy file org.yaml\",\"overruled\":[{\"value\":\"audit\",\"origin\":\"--egress-policy\"}"));
    }
}
