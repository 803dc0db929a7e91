package io.jenkins.plugins.hardenrunner.engine;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine is plain Java: it must run in a Jenkins, in a command line and in whatever comes next. */
class PurityTest {
    private static final Pattern FOREIGN = Pattern.compile(
            "\\b(hudson|jenkins\\.(?!plugins\\.hardenrunner)|io\\.jenkins\\.plugins\\.(?!hardenrunner\\.engine\\b)|org\\.kohsuke|org\\.jenkinsci|javax\\.servlet"
                    + "|jakarta\\.servlet|picocli|com\\.fasterxml\\.jackson\\.(dataformat|datatype))[.\\w]*");

    @Test
    void engineSourcesNameNothingOfJenkinsServletsOrTheCommandLine() throws IOException {
        Path sources = Path.of(System.getProperty("harden.repository", "."), "src/main/java/io/jenkins/plugins/hardenrunner/engine");
        List<String> found = new ArrayList<>();
        int files = 0;
        try (Stream<Path> all = Files.walk(sources)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
                files++;
                int number = 0;
                for (String line : Files.readAllLines(file)) {
                    number++;
                    Matcher matcher = FOREIGN.matcher(line.replaceAll("^package .*|\"[^\"]*\"|^\\s*\\*.*|^\\s*//.*", ""));
                    if (matcher.find()) {
                        found.add(file.getFileName() + ":" + number + ": " + matcher.group());
                    }
                }
            }
        }
        assertThat(files, greaterThan(30));
        assertThat(found, empty());
    }

    @Test
    void theScanWouldSeeAnImport() {
        assertThat(FOREIGN.matcher("import hudson.model.Run;").find() ? 1 : 0, greaterThan(0));
        assertThat(FOREIGN.matcher("jenkins.model.Jenkins.get()").find() ? 1 : 0, greaterThan(0));
        assertThat(FOREIGN.matcher("import io.jenkins.plugins.hardenrunner.ui.Page;").find() ? 1 : 0, greaterThan(0));
    }
}
