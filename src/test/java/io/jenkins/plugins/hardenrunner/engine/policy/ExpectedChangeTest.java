package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedChangeTest {
    private static final Origin STEP = new Origin(Origin.Kind.STEP, "");

    @ParameterizedTest
    @CsvSource({
        "*.js, a.js, true", "*.js, src/a.js, false", "**/*.js, a.js, true", "**/*.js, src/x/a.js, true", "src/**, src/x/y, true",
        "src/**, srcs/x, false", "a?c, abc, true", "a?c, a/c, false", "[ab].c, b.c, true", "[!ab].c, b.c, false", "[!a], /, false",
        "'*.{c,h}', x.h, true", "'*.{c,h}', x.o, false", "a\\*b, a*b, true", "a\\*b, axb, false", "a.c, abc, false", "(x), (x), true"})
    void globs(String glob, String path, boolean matches) {
        assertThat(Glob.parse(glob).matches(path), is(matches));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[a", "{a", "{a,{b}}", "a\\", "x by ", "x by package:", "../x", "./x", "a/../b"})
    void whatCannotBeMeantIsRefused(String text) {
        assertThrows(PolicyException.class, () -> ExpectedChange.parse(text, STEP));
    }

    @Test
    void theMessageNamesThePlace() {
        PolicyException e = assertThrows(PolicyException.class, () -> PolicyLayer.builder(STEP).expectChange("src/[a"));
        assertThat(e.getMessage(), containsString("character 5: ']' is missing"));
    }

    @Test
    void pathsAreRelativeToTheirRootOrAbsolute() {
        assertThat(ExpectedChange.parse("a by x", STEP).matchesPath("/ws", "/ws/a"), is(true));
        assertThat(ExpectedChange.parse("a", STEP).matchesPath("/ws", "/wsx/a"), is(false));
        assertThat(ExpectedChange.parse("a", STEP).matchesPath(null, "/ws/a"), is(false));
        assertThat(ExpectedChange.parse("/ws/a", STEP).matchesPath(null, "/ws/a"), is(true));
        assertThat(ExpectedChange.parse("one by one by sed", STEP).text(), is("one by one by sed"));
        assertThat(ExpectedChange.parse("one by one by sed", STEP).path().toString(), is("one by one"));
    }
}
