package io.jenkins.plugins.hardenrunner.goat;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checker is a judge: for every claim there is a run that does not keep it. */
final class CheckTest {
    private static final String SECRET = "goat-canary-0123456789abcdef";

    @TempDir
    Path folder;

    private String exit;

    @BeforeEach
    void aRunAsPromised() throws IOException {
        write("report.html", "<script type=\"application/json\" id=\"harden-runner-data\">{}</script>");
    }

    @Test
    void auditAsPromisedPasses() throws IOException {
        audit();
        assertThat(failures("audit"), is(List.of()));
    }

    @Test
    void blockAsPromisedPasses() throws IOException {
        block();
        assertThat(failures("block"), is(List.of()));
    }

    @ParameterizedTest(name = "{3}: {0} without {1}")
    @CsvSource(delimiter = '|', value = {
        "report.json | would-block | allowed | as would-block",
        "report.json | lifecycle-script-egress | other | finding names goat-evil-phone-home@1.0.0",
        "report.json | source-tampered | other | finding reports that index.js",
        "report.json | dns-tunnelling | other | DNS tunnel",
        "report.json | \"goat-evil-dns\" | \"other\" | the package that dug it",
        "report.json | \"after\":\"bb\" | \"after\":\"aa\" | digests before and after",
        "report.json | \"goat-evil-edit\" | \"other\" | the package that did it",
        "report.json | \"enforced\" | \"off\" | was supervised",
        "report.json | \"intact\":true | \"intact\":false | evidence is intact",
        "report.json | \"violated\" | \"ok\" | the verdict",
        "report.json | npm install | yarn | its chain is",
        "report.json | \"preinstall\" | \"test\" | its script preinstall",
        "report.json | ,\"note\":\"review\" | '' | leaves the attackers out",
        "report.json | {\"endpoint\":\"registry.test:443\"}, | '' | keeps registry.test",
        "report.html | id= | name= | report.html",
        "log | secret=goat | secret=sheep | received the planted secret",
        "log | 2-of-2 | 1-of-2 | in DNS names"
    })
    void auditThatMissesOnePromiseFails(String file, String from, String to, String claim) throws IOException {
        audit();
        replace(file, from, to);
        assertThat(failures("audit"), hasItem(containsString(claim)));
    }

    @ParameterizedTest(name = "{3}: {0} without {1}")
    @CsvSource(delimiter = '|', value = {
        "report.json | \"protocol\":\"dns\" | \"protocol\":\"tcp\" | the name attacker.test as blocked",
        "report.json | \"default\" | \"b1\" | on the bare address",
        "report.json | no rule allows it | it was so | explains why attacker.test",
        "report.json | --allow 127.0.1.9:443 | nothing | line that would allow",
        "report.json | \"--allow\" | \"global\" | rule of the command line",
        "output | ENOTFOUND | ETIMEDOUT | npm says why",
        "log | GET /goat | GET /sheep | was reached"
    })
    void blockThatMissesOnePromiseFails(String file, String from, String to, String claim) throws IOException {
        block();
        replace(file, from, to);
        assertThat(failures("block"), hasItem(containsString(claim)));
    }

    @ParameterizedTest
    @CsvSource({"0", "120", "125"})
    void blockFailsUnlessNpmItselfFailed(String status) throws IOException {
        block();
        exit = status;
        assertThat(failures("block"), hasItem(containsString("npm install failed")));
    }

    @Test
    void blockFailsWhenTheSinkHeardAnything() throws IOException {
        block();
        append("log", "{\"address\":\"127.0.1.9\",\"event\":\"open\"}\n{\"event\":\"query\",\"name\":\"x.malicious.test\"}\n");
        assertThat(failures("block"), hasItem(containsString("attacker.test received no connection")));
        assertThat(failures("block"), hasItem(containsString("name under malicious.test")));
    }

    @Test
    void missingReportIsAFailureNotACrash() throws IOException {
        audit();
        Files.delete(folder.resolve("report.json"));
        assertThat(failures("audit"), hasItem(startsWith("FAIL\twhat the run left behind can be read")));
    }

    @Test
    void unknownPhasesAndAttacksAreUsageErrors() throws IOException {
        audit();
        assertThat(
                assertThrows(Goat.UsageException.class, () -> run("other")).getMessage(), containsString("'other'"));
        Goat.UsageException e = assertThrows(
                Goat.UsageException.class, () -> Check.run(List.of("audit", "attacks=nothing"), System.out));
        assertThat(e.getMessage(), containsString("'nothing'"));
    }

    private void audit() throws IOException {
        exit = "0";
        write("report.json", resource("audit-report.json"));
        write("index.js", "TAMPERED");
        write("output", "added 4 packages\n");
        byte[] loot = new byte[60];
        Arrays.fill(loot, (byte) ' ');
        byte[] text = (SECRET + " PATH").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, loot, 0, text.length);
        String hex = HexFormat.of().formatHex(loot);
        write("log",
                "{\"server\":\"https\",\"address\":\"127.0.1.9\",\"event\":\"received\",\"layer\":\"plaintext\",\"text\":\"secret="
                        + SECRET + "\"}\n" + query(hex.substring(0, 60) + ".1-of-2") + query(hex.substring(60) + ".2-of-2"));
    }

    private void block() throws IOException {
        exit = "1";
        write("report.json", resource("block-report.json"));
        write("index.js", "TAMPERED");
        write("output", "getaddrinfo ENOTFOUND attacker.test\nconnect EACCES 127.0.1.9:443\n");
        write("log",
                "{\"server\":\"https\",\"address\":\"127.0.1.10\",\"event\":\"received\",\"layer\":\"plaintext\",\"text\":\"GET "
                        + HttpAnswer.WORDS + " HTTP/1.1\"}\n");
    }

    private static String query(String label) {
        return "{\"server\":\"dns\",\"event\":\"query\",\"name\":\"" + label + ".malicious.test\"}\n";
    }

    private List<String> failures(String phase) throws IOException {
        return run(phase).lines().filter(l -> !l.startsWith("PASS\t")).toList();
    }

    private String run(String phase) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = Check.run(
                List.of(phase, "log=" + folder.resolve("log"), "exit=" + exit, "secret=" + SECRET, "project=" + folder,
                        "output=" + folder.resolve("output"), "port=443", "attacks=phone-home,edit,dns", "report=" + folder),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        String claims = out.toString(StandardCharsets.UTF_8);
        assertThat(claims, status, is(claims.contains("FAIL\t") ? 1 : 0));
        return claims;
    }

    private void replace(String file, String from, String to) throws IOException {
        String before = Files.readString(folder.resolve(file));
        assertThat(before, containsString(from));
        write(file, before.replace(from, to));
    }

    private void append(String file, String text) throws IOException {
        write(file, Files.readString(folder.resolve(file)) + text);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CheckTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
