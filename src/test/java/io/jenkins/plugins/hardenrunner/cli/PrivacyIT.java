package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.testing.Spelling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that a command spreads in every form, and a search for them in all that the command line writes. */
class PrivacyIT {
    private static final String NAMED = "xyzzyPlugh&\"fi sh'9%p\\w+/?>~";
    private static final String BY_NAME = "deploy-frobozz-77-key";
    private static final String BY_PATTERN = "corp_" + "Ab3Zx9".repeat(5);
    private static final String AFTER_OPTION = "mailbox-zorkmid";

    @TempDir
    private Path folder;

    @BeforeAll
    static void ready() {
        Launcher.assumeReady();
    }

    private static Map<String, String> planted() {
        Map<String, String> forms = new LinkedHashMap<>();
        Spelling.of(NAMED).forEach((name, form) -> forms.put("named " + name, form));
        Spelling.of(BY_NAME).forEach((name, form) -> forms.put("by name " + name, form));
        forms.put("pattern", BY_PATTERN.substring(5));
        forms.put("option", AFTER_OPTION);
        return forms;
    }

    private TreeSet<String> spread(String... options) throws Exception {
        List<String> script = new ArrayList<>();
        for (String secret : List.of(NAMED, BY_NAME)) {
            for (String form : Spelling.of(secret).values()) {
                script.add("/bin/true " + Spelling.shell("x=" + form));
                script.add("echo " + Spelling.shell(form) + " >> tracked.txt");
            }
        }
        script.add("/bin/true " + BY_PATTERN + " --pin " + AFTER_OPTION + "; echo " + BY_PATTERN + " --pin=" + AFTER_OPTION + " >> tracked.txt");
        script.add("echo the end >> tracked.txt");
        Files.writeString(folder.resolve("spread.sh"), String.join("\n", script) + "\n");
        Files.writeString(folder.resolve("tracked.txt"), "first\n");
        Process git = new ProcessBuilder("sh", "-c", "git init -q . && git add tracked.txt && git -c user.name=x -c user.email=x@y commit -qm x")
                .directory(folder.toFile()).inheritIO().start();
        assertThat(git.waitFor(), is(0));

        Launcher launcher = new Launcher(folder).environment("NAMED=" + NAMED, "MY_DEPLOY_TOKEN=" + BY_NAME);
        List<String> line = new ArrayList<>(List.of("run", "--report", "out"));
        line.addAll(List.of(options));
        line.addAll(List.of("--", "sh", "spread.sh"));
        Launcher.Result run = launcher.run(line.toArray(new String[0]));
        assertThat(run.err(), run.status(), is(0));
        Map<String, String> all = new LinkedHashMap<>(Map.of("terminal", run.out() + run.err()));
        Files.writeString(folder.resolve("artifact"), "x");
        launcher.run("report", "--format", "sarif", "-o", "out/findings.sarif", "out");
        launcher.run("report", "--format", "in-toto", "--subject", "artifact", "-o", "out/trace.json", "out");
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path file : files.toList()) {
                all.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        assertThat(all.keySet().toString(), all.keySet(), hasSize(7));
        TreeSet<String> found = new TreeSet<>();
        all.forEach((place, text) -> planted().forEach((name, form) -> {
            if (text.contains(form) || text.contains(Spelling.json(form)) || text.contains(Spelling.json(Spelling.json(form)))) {
                found.add(name + " in " + place);
            }
        }));
        return found;
    }

    @Test
    void nothingThatIsWrittenHoldsASecret() throws Exception {
        assertThat(spread("--redact-env", "NAMED", "--redact", "corp_[A-Za-z0-9]{20,}", "--redact-after", "--pin"), is(empty()));
        assertThat(Files.readString(folder.resolve("out/report.json")), containsString("x=****"));
        assertThat(Files.readString(folder.resolve("out/report.json")), containsString("+****\\n"));
    }

    /** Otherwise the search would prove nothing. */
    @Test
    void theSearchFindsWhatIsNotHidden() throws Exception {
        TreeSet<String> found = spread("--no-redact-defaults");
        for (String form : planted().keySet()) {
            for (String place : List.of("events.ndjson", "report.json", "report.html", "trace.json")) {
                assertThat(form + " in " + place + " of " + found, found.contains(form + " in " + place), is(true));
            }
        }
    }

    @Test
    void aPatternThatIsWrongStartsNothing() throws Exception {
        Launcher.Result run = new Launcher(folder).run("run", "--redact", "a(b|c)def", "--", "touch", "started");
        assertThat(run.status(), is(125));
        assertThat(run.err(), containsString("pattern 'a(b|c)def': character 2"));
        assertThat(Files.exists(folder.resolve("started")), is(false));
    }
}
