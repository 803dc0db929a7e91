package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Protocol;
import java.util.List;

/** An endpoint that a person has put on the job's block list. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "kind"})
public record UnwantedEndpoint(@JsonUnwrapped Subject subject, String by, String time, String comment) {
    /**
     * Checks that the block list can hold it.
     *
     * @throws IllegalArgumentException if no rule can name it, or it is no endpoint
     */
    public UnwantedEndpoint {
        if (subject.kind() != Subject.Kind.ENDPOINT) {
            throw new IllegalArgumentException("only endpoints can be put on the block list, not " + subject.label());
        }
        Acceptance checked = new Acceptance(by, time, comment, null);
        by = checked.by();
        comment = checked.comment();
        rules(subject);
    }

    /** For Jackson, which cannot unwrap into a constructor's parameter. */
    @JsonCreator
    static UnwantedEndpoint read(
            @JsonProperty("id") String id,
            @JsonProperty("endpoint") String endpoint,
            @JsonProperty("kind") Subject.Kind kind,
            @JsonProperty("protocol") String protocol,
            @JsonProperty("host") String host,
            @JsonProperty("port") Integer port,
            @JsonProperty("by") String by,
            @JsonProperty("time") String time,
            @JsonProperty("comment") String comment) {
        return new UnwantedEndpoint(new Subject(kind, protocol, host, port, null, null), by, time, comment);
    }

    /** What a review names it by. */
    @JsonProperty
    public String id() {
        return subject.id();
    }

    /** As it stands on the block list. */
    @JsonProperty
    public String endpoint() {
        return rules(subject).get(0).toString();
    }

    /** The entries for the policy. */
    @JsonIgnore
    public List<BlockedEndpoint> blocked() {
        String reason = "marked as unwanted by " + by + (comment == null ? "" : ": " + comment);
        return rules(subject).stream().map(endpoint -> new BlockedEndpoint(endpoint, reason)).toList();
    }

    /** A name that was only asked for is unwanted on every port: the query itself may be the message. */
    private static List<Endpoint> rules(Subject subject) {
        String host = subject.host().indexOf(':') >= 0 && !subject.host().startsWith("[") ? "[" + subject.host() + "]" : subject.host();
        if (subject.protocol().equals("dns")) {
            return List.of(Endpoint.parse("tcp://" + host + ":*"), Endpoint.parse("udp://" + host + ":*"));
        }
        Protocol protocol = subject.protocol().equals("udp") ? Protocol.UDP : Protocol.TCP;
        return List.of(Endpoint.parse(protocol.token() + "://" + host + ":" + subject.port()));
    }
}
