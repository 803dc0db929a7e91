package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class EndpointPropertiesTest {
    @Property
    void parsingTheCanonicalTextGivesTheSameEndpoint(@ForAll("endpoints") Endpoint endpoint) {
        assertEquals(endpoint, Endpoint.parse(endpoint.toString()));
        assertEquals(endpoint.toString(), Endpoint.parse(endpoint.toString()).toString());
    }

    /** Whatever stands in a field of a form: an endpoint, or an error of the one kind, and a suggestion that works. */
    @Property(tries = 5000)
    void anyTextParsesOrIsRefusedWithAWorkingSuggestion(@ForAll("texts") String text) {
        try {
            Endpoint endpoint = Endpoint.parse(text);
            assertEquals(endpoint, Endpoint.parse(endpoint.toString()));
        } catch (EndpointSyntaxException e) {
            assertEquals(true, e.position() >= 0 && e.position() <= text.length());
            if (e.suggestion() != null) {
                Endpoint.parse(e.suggestion());
            }
        }
    }

    @Property
    void addressesRoundTrip(@ForAll("addresses") IpAddress address) {
        assertEquals(address, IpAddress.parse(address.toString()));
    }

    @Provide
    static Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of("http://", "udp://", "tcp://", "*", "*.", ".", "..", "[", "]", ":", "::",
                "/", "/24", "443", "0", "65536", "-", ",", "@", "?", "#", "\\", "%", "example.com", "com", "192.0.2.1", "2001:db8::1",
                "xn--", "ß", "ü", "\u202e", " ", "\n", "\0", "ffff", "a");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(8).map(list -> String.join("", list)), Arbitraries.strings().ofMaxLength(40));
    }

    @Provide
    static Arbitrary<IpAddress> addresses() {
        Arbitrary<Byte> bytes = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just((byte) 0)), Tuple.of(1, Arbitraries.bytes()));
        return Arbitraries.of(4, 16).flatMap(size -> bytes.array(byte[].class).ofSize(size)).map(IpAddress::of);
    }

    @Provide
    static Arbitrary<Endpoint> endpoints() {
        Arbitrary<String> label = Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(20)
                .map(text -> "x" + text);
        Arbitrary<String> name = label.list().ofMinSize(1).ofMaxSize(5).map(labels -> String.join(".", labels) + ".example");
        Arbitrary<String> network = Combinators.combine(addresses(), Arbitraries.integers().between(0, 128)).as((address, prefix) -> {
            Cidr cidr = Cidr.around(address.canonical(), Math.min(prefix, address.canonical().bits()));
            return cidr.base().bits() == 128 ? "[" + cidr + "]" : cidr.toString();
        });
        Arbitrary<String> host = Arbitraries.oneOf(name, name.map(text -> "*." + text), network);
        Arbitrary<String> port = Arbitraries.integers().between(1, 65535).map(String::valueOf);
        Arbitrary<String> range = Combinators.combine(Arbitraries.integers().between(1, 65535), Arbitraries.integers().between(1, 65535))
                .as((a, b) -> Math.min(a, b) + "-" + Math.max(a, b));
        Arbitrary<String> ports = Arbitraries.oneOf(Arbitraries.just("*"),
                Arbitraries.oneOf(port, range).list().ofMinSize(1).ofMaxSize(4).map(list -> String.join(",", list)));
        return Combinators.combine(Arbitraries.of("", "tcp://", "udp://"), host, ports)
                .as((scheme, h, p) -> Endpoint.parse(scheme + h + ":" + p));
    }
}
