package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * An endpoint or a changed file that is normal for a block.
 *
 * @param programs who uses it, sorted; {@code *} stands for any
 * @param firstBuild the build's number; null if it was accepted before a build did it
 * @param count in how many builds it was seen
 * @param accepted null if it was learned
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "kind"})
public record BaselineEntry(
        @JsonUnwrapped Subject subject,
        List<String> programs,
        String firstSeen,
        Integer firstBuild,
        String lastSeen,
        Integer lastBuild,
        long count,
        Acceptance accepted) {

    /** Stands for any program. */
    static final String ANY = "*";

    public BaselineEntry {
        if (subject.kind() == Subject.Kind.PROGRAM) {
            throw new IllegalArgumentException("an entry is an endpoint or a file, with its programs");
        }
        programs = sorted(programs);
        if (programs.size() > Limits.PROGRAMS) {
            throw new IllegalArgumentException(subject.label() + ": more than " + Limits.PROGRAMS + " programs");
        }
        Acceptance.requireTime("firstSeen", firstSeen);
        Acceptance.requireTime("lastSeen", lastSeen);
        if (count < 0) {
            throw new IllegalArgumentException(subject.label() + ": a negative count");
        }
    }

    /** For Jackson, which cannot unwrap into a constructor's parameter. */
    @JsonCreator
    static BaselineEntry read(
            @JsonProperty("id") String id,
            @JsonProperty("kind") Subject.Kind kind,
            @JsonProperty("protocol") String protocol,
            @JsonProperty("host") String host,
            @JsonProperty("port") Integer port,
            @JsonProperty("path") String path,
            @JsonProperty("programs") List<String> programs,
            @JsonProperty("firstSeen") String firstSeen,
            @JsonProperty("firstBuild") Integer firstBuild,
            @JsonProperty("lastSeen") String lastSeen,
            @JsonProperty("lastBuild") Integer lastBuild,
            @JsonProperty("count") long count,
            @JsonProperty("accepted") Acceptance accepted) {
        Subject subject = new Subject(kind, protocol, host, port, path, null);
        return new BaselineEntry(subject, programs, firstSeen, firstBuild, lastSeen, lastBuild, count, accepted);
    }

    /** What a review names it by. */
    @JsonProperty
    public String id() {
        return subject.id();
    }

    /** Whether somebody accepted it and that holds no longer. */
    boolean expired(Instant now) {
        return accepted != null && !accepted.holds(now);
    }

    /** Whether the program's use of it is normal. */
    boolean usedBy(String program) {
        return programs.contains(ANY) || programs.contains(program);
    }

    /** Whether it stands for more than one endpoint. */
    @JsonIgnore
    public boolean isPattern() {
        return subject.host() != null && subject.host().startsWith("*.") && !subject.protocol().equals("dns");
    }

    /** Whether it stands for the endpoint. The dot is part of the comparison: evilcdn.test is not below cdn.test. */
    boolean covers(Subject other) {
        return isPattern()
                && other.host() != null
                && subject.protocol().equals(other.protocol())
                && subject.port().equals(other.port())
                && other.host().length() >= subject.host().length()
                && other.host().endsWith(subject.host().substring(1));
    }

    /** Seen once more. */
    BaselineEntry seen(String time, int build) {
        return new BaselineEntry(subject, programs, firstSeen, firstBuild == null ? Integer.valueOf(build) : firstBuild,
                later(lastSeen, time), build, count + 1, accepted);
    }

    /** With more programs, as far as there is room for them. */
    BaselineEntry with(Collection<String> more) {
        return new BaselineEntry(subject, joined(programs, more), firstSeen, firstBuild, lastSeen, lastBuild, count, accepted);
    }

    BaselineEntry accepted(Acceptance by) {
        return new BaselineEntry(subject, programs, firstSeen, firstBuild, lastSeen, lastBuild, count, by);
    }

    /** The first ones in alphabetical order of both, but none of the old is lost. */
    static List<String> joined(Collection<String> old, Collection<String> more) {
        TreeSet<String> all = new TreeSet<>(old);
        for (String program : new TreeSet<>(more)) {
            if (all.size() < Limits.PROGRAMS) {
                all.add(Subject.bounded(program, Limits.TEXT));
            }
        }
        return List.copyOf(all);
    }

    private static List<String> sorted(List<String> programs) {
        TreeSet<String> sorted = new TreeSet<>();
        if (programs != null) {
            programs.forEach(program -> sorted.add(Subject.bounded(program, Limits.TEXT)));
        }
        return List.copyOf(sorted);
    }

    static String later(String a, String b) {
        return Instant.parse(a).isBefore(Instant.parse(b)) ? b : a;
    }
}
