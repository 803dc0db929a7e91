package io.jenkins.plugins.hardenrunner.engine.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Hosts through which a build could send data to anybody though a policy allows them: public code hosting, object
 * storage, paste sites and the like ({@code exfil-capable.json}). A mark for people who decide; it refuses nothing.
 */
public final class ExfilCapable {
    private static final String FILE = "exfil-capable.json";

    /**
     * What is known about a host.
     *
     * @param category such as {@code object-storage}
     * @param risk one clause, to go on after the host's name and a colon
     */
    public record Mark(String category, String risk) {
        /** {@code exfil-capable (object-storage): anybody can own a bucket …}. */
        @Override
        public String toString() {
            return "exfil-capable (" + category + "): " + risk;
        }
    }

    private static final class Holder {
        static final EndpointIndex<Mark> MARKS = read();
    }

    private ExfilCapable() {}

    /** The mark of an endpoint; null if it has none. A pattern has one if all that it matches do. */
    public static Mark of(Endpoint endpoint) {
        List<Mark> marks = new ArrayList<>(1);
        Holder.MARKS.holding(endpoint, marks::add);
        return marks.isEmpty() ? null : marks.get(0);
    }

    private static EndpointIndex<Mark> read() {
        try (InputStream in = ExfilCapable.class.getResourceAsStream(FILE)) {
            EndpointIndex<Mark> marks = new EndpointIndex<>();
            for (Map.Entry<String, JsonNode> category : new ObjectMapper().readTree(in).path("categories").properties()) {
                Mark mark = new Mark(category.getKey(), category.getValue().path("risk").textValue());
                // Some of the patterns are public suffixes, which no policy may hold.
                category.getValue().path("hosts").forEach(host -> marks.add(pattern(host.textValue()), mark));
            }
            return marks;
        } catch (IOException e) {
            throw new UncheckedIOException("the plugin is damaged: " + FILE + " cannot be read", e);
        }
    }

    private static Endpoint pattern(String host) {
        return host.startsWith("*.")
                ? Endpoint.ofSuffix(Protocol.TCP, host.substring(2), Ports.all())
                : Endpoint.ofName(Protocol.TCP, host, Endpoint.DEFAULT_PORT);
    }
}
