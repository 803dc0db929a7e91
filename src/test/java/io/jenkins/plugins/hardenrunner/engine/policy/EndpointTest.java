package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            example.com, example.com:443
            EXAMPLE.Com:80, example.com:80
            tcp://example.com:8000-8100, example.com:8000-8100
            UDP://example.com:53, udp://example.com:53
            "example.com:443,80", "example.com:80,443"
            "example.com:80,81,82,90", "example.com:80-82,90"
            example.com:*, example.com:*
            example.com:1-65535, example.com:*
            *.example.com, *.example.com:443
            localhost:8080, localhost:8080
            _dmarc.example.com, _dmarc.example.com:443
            192.0.2.1, 192.0.2.1:443
            192.0.2.1/32:1, 192.0.2.1:1
            192.0.2.0/24:*, 192.0.2.0/24:*
            0.0.0.0/0:443, 0.0.0.0/0:443
            [2001:DB8::1], [2001:db8::1]:443
            [2001:db8::/32]:443, [2001:db8::/32]:443
            [::ffff:192.0.2.1]:80, 192.0.2.1:80
            [::ffff:192.0.2.0/120]:80, 192.0.2.0/24:80
            [64:ff9b::192.0.2.1]:80, 192.0.2.1:80
            bücher.example, xn--bcher-kva.example:443
            XN--BCHER-KVA.example, xn--bcher-kva.example:443
            """)
    void parsesToCanonicalText(String text, String canonical) {
        assertThat(Endpoint.parse(text).toString(), is(canonical));
        assertThat(Endpoint.parse(canonical), equalTo(Endpoint.parse(text)));
    }

    /** Text | position from 0 | part of the message | suggestion, or - for none. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            https://example.com/path?x=1 | 0  | not a URL              | example.com:443
            http://example.com           | 0  | not a URL              | example.com:80
            http://example.com:8080/a    | 0  | not a URL              | example.com:8080
            ssh://git@example.com/repo   | 0  | not a URL              | example.com:22
            example.com/path             | 11 | no path                | example.com:443
            example.com:443/path         | 15 | no path                | example.com:443
            example.com.                 | 11 | without a dot          | example.com:443
            example.com.:80              | 11 | without a dot          | example.com:80
            example.com:                 | 12 | a port must follow     | example.com:443
            example.com:0                | 12 | not between 1 and      | -
            example.com:65536            | 12 | not between 1 and      | -
            example.com:99999999999      | 12 | not between 1 and      | -
            example.com:0443             | 12 | leading zeros          | example.com:443
            example.com:80,0443          | 15 | leading zeros          | -
            example.com:80,              | 15 | a port is missing      | -
            example.com:90-80            | 12 | ends before it begins  | example.com:80-90
            example.com:https            | 12 | not a port             | -
            *                            | 0  | every host             | -
            *:443                        | 0  | every host             | -
            *.com                        | 0  | public suffix          | -
            *.co.uk:443                  | 0  | public suffix          | -
            *.github.io                  | 0  | public suffix          | -
            *.localhost                  | 0  | public suffix          | -
            *example.com                 | 0  | only once              | -
            a.*.example.com              | 2  | only once              | *.example.com:443
            *.*.example.com              | 2  | only once              | *.example.com:443
            .example.com                 | 0  | a label is empty       | *.example.com:443
            a..example.com               | 2  | a label is empty       | -
            -a.example.com               | 0  | begins nor ends        | -
            a.b!c.com                    | 3  | cannot stand           | -
            256.1.1.1                    | 0  | neither a name nor     | -
            127.1                        | 0  | neither a name nor     | -
            010.0.0.1                    | 0  | neither a name nor     | -
            0x7f.0.0.0x1                 | 0  | neither a name nor     | -
            2130706433                   | 0  | neither a name nor     | -
            2001:db8::1                  | 0  | in brackets            | [2001:db8::1]:443
            2001:db8::/32                | 0  | in brackets            | [2001:db8::/32]:443
            [2001:db8::1                 | 0  | not closed             | -
            [2001:db8::1]443             | 13 | can follow             | [2001:db8::1]:443
            [2001:db8::]/32:80           | 12 | can follow             | [2001:db8::/32]:80
            [192.0.2.1]:80               | 0  | for IPv6               | 192.0.2.1:80
            [fe80::1%eth0]:80            | 1  | zones                  | -
            192.0.2.1/24:80              | 0  | bits behind            | 192.0.2.0/24:443
            192.0.2.0/33                 | 10 | prefix length          | -
            user:pw@example.com:80       | 0  | user name              | example.com:80
            straße.example               | 4  | A-label                | -
            :443                         | 0  | host is missing        | -
            ftp://                       | 0  | not a URL              | -
            """)
    void refusesWithPositionAndSuggestion(String text, int position, String message, String suggestion) {
        EndpointSyntaxException e = assertThrows(EndpointSyntaxException.class, () -> Endpoint.parse(text));
        assertThat(e.getMessage(), containsString(message));
        assertThat(e.position(), is(position));
        assertEquals(suggestion.equals("-") ? null : suggestion, e.suggestion());
        assertThat(e.input(), is(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "a\u0000b", "exa\u202emple.com", "\u2028", "[", "]", "[]", "://", "udp://", "tcp://:1", "a:b:c"})
    void refusesRubbish(String text) {
        assertThrows(EndpointSyntaxException.class, () -> Endpoint.parse(text));
    }

    @Test
    void messagesCarryNoControlCharactersOfTheInput() {
        EndpointSyntaxException e = assertThrows(EndpointSyntaxException.class, () -> Endpoint.parse("a\u001b[2Jb"));
        assertThat(e.getMessage().chars().noneMatch(Character::isISOControl), is(true));
    }

    @Test
    void anOverlongTextIsRefusedWithoutRepeatingIt() {
        EndpointSyntaxException e = assertThrows(EndpointSyntaxException.class, () -> Endpoint.parse("a".repeat(100_000)));
        assertThat(e.getMessage().length() < 400, is(true));
    }

    @Test
    void labelAndNameLengthsAreThoseOfDns() {
        Endpoint.parse("a".repeat(63) + ".example");
        assertThrows(EndpointSyntaxException.class, () -> Endpoint.parse("a".repeat(64) + ".example"));
        String name = ("a".repeat(49) + ".").repeat(5);
        Endpoint.parse(name + "abc");
        assertThrows(EndpointSyntaxException.class, () -> Endpoint.parse(name + "abcd"));
    }

    @Test
    void aSuffixMatchesAnyNumberOfLabelsButNotTheApexAndNotAnotherName() {
        Endpoint endpoint = Endpoint.parse("*.example.com");
        assertThat(endpoint.matchesName("a.example.com"), is(true));
        assertThat(endpoint.matchesName("a.b.example.com"), is(true));
        assertThat(endpoint.matchesName("example.com"), is(false));
        assertThat(endpoint.matchesName("evilexample.com"), is(false));
        assertThat(endpoint.matchesName(".example.com"), is(false));
    }

    @Test
    void anAddressRuleMatchesTheMappedForms() {
        Endpoint endpoint = Endpoint.parse("192.0.2.0/24");
        assertThat(endpoint.matchesAddress(IpAddress.parse("192.0.2.7")), is(true));
        assertThat(endpoint.matchesAddress(IpAddress.parse("::ffff:192.0.2.7")), is(true));
        assertThat(endpoint.matchesAddress(IpAddress.parse("64:ff9b::c000:207")), is(true));
        assertThat(endpoint.matchesAddress(IpAddress.parse("192.0.3.7")), is(false));
    }

    @Test
    void aListIsSeparatedByWhiteSpaceAndPositionsCountFromItsBeginning() {
        List<Endpoint> list = Endpoint.parseList(" a.example\n\tb.example:80\r\n\n*.c.example ");
        assertThat(list, hasSize(3));
        EndpointSyntaxException e =
                assertThrows(EndpointSyntaxException.class, () -> Endpoint.parseList("a.example\nb.example:0"));
        assertThat(e.position(), is(20));
        assertThat(e.getMessage(), containsString("character 21"));
    }

    @Test
    void aCommaBetweenEntriesIsExplained() {
        EndpointSyntaxException e =
                assertThrows(EndpointSyntaxException.class, () -> Endpoint.parseList("a.example:443,b.example:443"));
        assertThat(e.getMessage(), containsString("separated by white space"));
    }
}
