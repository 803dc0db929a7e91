package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * What a block did and its baseline does not have.
 *
 * @param programs who did it; accepting the deviation accepts these
 * @param firstBuild null where builds have no numbers
 * @param builds in how many builds it was seen
 * @param expired the acceptance that no longer holds; null if there was none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "kind"})
public record Deviation(
        @JsonUnwrapped Subject subject,
        List<String> programs,
        String firstSeen,
        Integer firstBuild,
        String lastSeen,
        Integer lastBuild,
        long builds,
        Expired expired) {

    /** Who had accepted the subject, until when. */
    public record Expired(String by, String until) {}

    public Deviation {
        programs = programs == null ? List.of() : BaselineEntry.joined(List.of(), programs);
        Acceptance.requireTime("firstSeen", firstSeen);
        Acceptance.requireTime("lastSeen", lastSeen);
    }

    /** For Jackson, which cannot unwrap into a constructor's parameter. */
    @JsonCreator
    static Deviation read(
            @JsonProperty("id") String id,
            @JsonProperty("label") String label,
            @JsonProperty("actions") List<String> actions,
            @JsonProperty("kind") Subject.Kind kind,
            @JsonProperty("protocol") String protocol,
            @JsonProperty("host") String host,
            @JsonProperty("port") Integer port,
            @JsonProperty("path") String path,
            @JsonProperty("program") String program,
            @JsonProperty("programs") List<String> programs,
            @JsonProperty("firstSeen") String firstSeen,
            @JsonProperty("firstBuild") Integer firstBuild,
            @JsonProperty("lastSeen") String lastSeen,
            @JsonProperty("lastBuild") Integer lastBuild,
            @JsonProperty("builds") long builds,
            @JsonProperty("expired") Expired expired) {
        Subject subject = new Subject(kind, protocol, host, port, path, program);
        return new Deviation(subject, programs, firstSeen, firstBuild, lastSeen, lastBuild, builds, expired);
    }

    /** What a review names it by. */
    @JsonProperty
    public String id() {
        return subject.id();
    }

    /** The subject in a few words. */
    @JsonProperty
    public String label() {
        return subject.label();
    }

    /** What a review may do about it. */
    @JsonProperty
    public List<String> actions() {
        return subject.kind() == Subject.Kind.ENDPOINT ? List.of("accept", "unwanted") : List.of("accept");
    }

    /** This deviation, which was waiting already when a later build showed it again. */
    Deviation after(Deviation earlier) {
        return new Deviation(subject, BaselineEntry.joined(earlier.programs, programs), earlier.firstSeen, earlier.firstBuild,
                BaselineEntry.later(earlier.lastSeen, lastSeen), lastBuild, earlier.builds + builds, expired);
    }
}
