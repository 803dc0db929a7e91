package io.jenkins.plugins.hardenrunner.engine.redact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same cases as native-helper/tests/unit/test_secret.c: both sides must hide the same. */
class RedactorTest {
    private static final String SECRET = "s3cr3t&\"pa ss'w\\rd";
    private static final Redactor REDACTOR = new Redactor(
            List.of(SECRET, "a?>~a?>~a?>~", "ärger-😀-1", "-----BEGIN KEY-----\nfirst-line-of-it\nx\nlast-line-of-it\n"),
            new Redaction(
                    List.of(),
                    List.of("ghp_[A-Za-z0-9]{36,}", "[Bb]earer [A-Za-z0-9._~+/=-]{8,}", "://[^/@ :]*:[^/@ ]+@", "key\\[\\d]=.{3}"),
                    List.of("--password")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            -p s3cr3t&"pa ss'w\\rd! | -p ****!
            q=s3cr3t%26%22pa%20ss%27w%5Crd | q=****
            q=s3cr3t%26%22pa+ss%27w%5crd&x | q=****&x
            q=%733cr3t%26%22pa%20ss'w%5Crd | q=****
            {"p":"s3cr3t&\\"pa ss'w\\\\rd"} | {"p":"****"}
            \\u00733cr3t\\u0026\\"pa ss\\u0027w\\\\rd | ****
            's3cr3t&"pa ss'\\''w\\rd' | '****'
            s3cr3t\\&\\"pa\\ ss\\'w\\\\rd | ****
            7333637233742622706120737327775c7264 | ****
            x7333637233742622706120737327775C7264x | x****x
            czNjcjN0JiJwYSBzcyd3XHJk | ****
            dXMzY3IzdCYicGEgc3Mnd1xyZA== | dX****A==
            dXNzM2NyM3QmInBhIHNzJ3dccmQ= | dXN****Q=
            YT8+fmE/Pn5hPz5+ | ****
            YT8-fmE_Pn5hPz5- | ****
            YT8%2BfmE%2FPn5hPz5%2B | ****
            \\u00e4rger-\\ud83d\\ude00-1 ärger-%F0%9f%98%80-1 | **** ****
            first-line-of-it | ****
            -----BEGIN KEY-----\\nfirst-line-of-it\\nx\\nlast-line-of-it\\n | ****
            line x | line x
            100% of it, a+b, %zz, 50% | 100% of it, a+b, %zz, 50%
            ghp_0123456789abcdefghijABCDEFGHIJ012345 x | ghp_**** x
            ghp_0123456789 | ghp_0123456789
            Authorization: Bearer abc.def-ghi | Authorization: Bearer ****
            https://user:pass@host.test/x | https://****host.test/x
            https://host.test:8080/x@y | https://host.test:8080/x@y
            key[d]=abcd | key[d]=****d
            tool --password hunter2 --user x | tool --password **** --user x
            --password=hunter2 | --password=****
            --passwords | --passwords
            """)
    void hidesWhatTheHelperHides(String text, String expected) {
        assertThat(REDACTOR.apply(text), is(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ab | character 3: it must begin
            abcdef | character 7: nothing follows
            .+anything | character 11: it must begin
            a*bcdefgh+ | character 11: it must begin
            abc(de)f | character 4: this character needs a backslash
            abc[d | character 6: '[' without ']'
            abc[z-a]{9} | upside down
            abc[a-z]{9 | character 11: '{' without '}'
            abc[a-z]{9,8} | the most is less
            abc[a-z]{10001} | a number from 0 to 10000
            abc\\ | a backslash at the end
            abcd? | fewer than 6 characters
            """)
    void aPatternThatIsWrongIsNamedWithThePlace(String pattern, String message) {
        PolicyException e = assertThrows(PolicyException.class, () -> new Redaction(List.of(), List.of(pattern), List.of()));
        assertThat(e.getMessage(), containsString("redaction: pattern '"));
        assertThat(e.getMessage(), containsString(message));
    }

    @Test
    void variablesAreKnownByTheirNamesAndShortValuesAreNoSecrets() {
        assertThat(Redaction.DEFAULT.hides("npm_config_authToken", "12345678"), is(true));
        assertThat(Redaction.DEFAULT.hides("DEPLOY_PASSWORD_2", "12345678"), is(true));
        assertThat(Redaction.DEFAULT.hides("USE_TOKEN", "true"), is(false));
        assertThat(Redaction.DEFAULT.hides("PATH", "/usr/bin:/bin"), is(false));
        Redaction narrow = new Redaction(List.of("A*B*C", "EXACT"), List.of(), List.of());
        assertThat(narrow.hides("abbc", "12345678"), is(true));
        assertThat(narrow.hides("abcb", "12345678"), is(false));
        assertThat(narrow.hides("ac", "12345678"), is(false));
        assertThat(narrow.hides("exact", "12345678"), is(true));
        assertThat(narrow.hides("inexact", "12345678"), is(false));
        assertThrows(PolicyException.class, () -> new Redaction(List.of("*"), List.of(), List.of()));
    }
}
