package io.jenkins.plugins.hardenrunner.node;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobPathsTest {
    @ParameterizedTest
    @CsvSource({
        "team/app,            team/app,            true",
        "team/app,            team/app/main,       true",
        "team/app,            team/app2,           false",
        "team/app,            other/team/app,      false",
        "team,                team/a/b/c,          true",
        "team/*,              team/app,            true",
        "team/*,              team,                false",
        "*/app,               team/app,            true",
        "*/app,               team/sub/app,        false",
        "**/app,              team/sub/app,        true",
        "team/*-nightly,      team/app-nightly,    true",
        "team/*-nightly,      team/app-nightly-x,  false",
        "a.b,                 axb,                 false",
        "a(b,                 a(b,                 true",
        "team/app,            TEAM/app,            false",
    })
    void patterns(String pattern, String job, boolean contained) {
        assertThat(JobPaths.parse("unrelated\n\n  " + pattern + "  \r\n").contain(job), is(contained));
    }

    @Test
    void nothingContainsNothing() {
        assertThat(JobPaths.parse(null).contain("a"), is(false));
        assertThat(JobPaths.parse(" \n").contain("a"), is(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/team", "team/", "a//b"})
    void emptyPartsAreRefusedWithTheirLine(String path) {
        PolicyException e = assertThrows(PolicyException.class, () -> JobPaths.parse("ok\n" + path));
        assertThat(e.getMessage(), containsString("line 2"));
    }
}
