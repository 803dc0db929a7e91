package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/compatibility.md names are there, and its rows are those that {@link ShapeMatrixTest} runs. */
class CompatibilityTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))\\.([a-zA-Z0-9]+|\\*)`");
    private static final Pattern CONTINUED = Pattern.compile("`\\.([a-zA-Z0-9]+)`");
    private static final Pattern SHAPE = Pattern.compile("\\| `([a-z]+(?:-[a-z]+)*)` \\|");

    private final String document = read(Path.of("docs/compatibility.md"));

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namedTestsExist() throws Exception {
        List<String> problems = new ArrayList<>();
        int named = 0;
        for (String line : document.split("\n")) {
            String last = null;
            Matcher tokens = Pattern.compile(NAMED.pattern() + "|" + CONTINUED.pattern()).matcher(line);
            while (tokens.find()) {
                last = tokens.group(1) == null ? last : tokens.group(1);
                String method = tokens.group(1) == null ? tokens.group(3) : tokens.group(2);
                named++;
                if (last == null || !exists(last, method)) {
                    problems.add(last + "." + method + " in: " + line);
                }
            }
        }
        assertThat(String.join("\n", problems), problems, empty());
        assertThat(named, greaterThan(50));
    }

    private static boolean exists(String type, String method) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<Path> found = files.filter(file -> file.endsWith(type + ".java")).toList();
            return found.size() == 1
                    && (method.equals("*")
                            || Pattern.compile("@(Test|ParameterizedTest)\\b((?!\\bvoid\\b).)*\\bvoid " + method + "\\(", Pattern.DOTALL)
                                    .matcher(read(found.get(0)))
                                    .find());
        }
    }

    @Test
    void everyShapeThatIsRunIsARowAndNoOther() {
        Set<String> rows = new TreeSet<>();
        int from = document.indexOf("## Shapes of builds");
        Matcher matcher = SHAPE.matcher(document.substring(from, document.indexOf("\n## ", from)));
        while (matcher.find()) {
            rows.add(matcher.group(1));
        }
        Set<String> run = new TreeSet<>(ShapeMatrixTest.PIPELINES.keySet());
        run.addAll(ShapeMatrixTest.OTHERS);
        assertThat(rows, is(run));
    }

    /** A claim without a test is a hope. */
    @Test
    void everyRowNamesATestOrSaysThatThereIsNone() {
        List<String> claims = new ArrayList<>();
        boolean proved = false;
        for (String line : document.split("\n")) {
            if (!line.startsWith("|")) {
                proved = false;
            } else if (line.endsWith("| proved by |")) {
                proved = true;
            } else if (proved && !line.startsWith("|---") && !NAMED.matcher(line).find() && !line.contains("`native-helper/tests/")
                    && !line.contains("not tested")) {
                claims.add(line);
            }
        }
        assertThat(String.join("\n", claims), claims, empty());
    }

    @Test
    void namedScriptsExist() {
        Matcher matcher = Pattern.compile("`(native-helper/tests/[a-z0-9/]+)[^`]*`").matcher(document);
        while (matcher.find()) {
            assertThat(matcher.group(1), Files.exists(Path.of(matcher.group(1))), is(true));
        }
    }
}
