package io.jenkins.plugins.hardenrunner.engine.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/** The baseline that a report was compared with, as docs/baseline.md has it: plain data. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public class BaselineView {
    public String block;
    public String job;
    /** {@code own}, {@code target}, {@code file} or {@code none}. */
    public String role;
    public String state;
    public int builds;
    public int required;
    public long revision;
    public boolean teaches;
    /** Why the build does not teach; empty if it does. */
    public String why = "";
    public Counts counts = new Counts();
    public List<Gone> gone = new ArrayList<>();

    /** How many endpoints and files there are of each kind. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Counts {
        @JsonProperty("new")
        public long unknown;

        public long learning;
        public long known;
        public long accepted;
        public long unwanted;
        public long gone;
    }

    /** What a baseline is about (docs/baseline.md, Subject). */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public abstract static class Subject {
        public String id;
        public String kind;
        public String protocol;
        public String host;
        public Integer port;
        public String path;
        public String program;
        public String label;
    }

    /** What the baseline has and the block did not do. */
    public static class Gone extends Subject {
        public String lastSeen;
        public Integer lastBuild;
    }

    /** What the block did and the baseline does not have. */
    public static class Deviation extends Subject {
        public List<String> actions = new ArrayList<>();
        public List<String> programs = new ArrayList<>();
        public String firstSeen;
        public String lastSeen;
        public long builds;
        public Expired expired;
        public List<String> lineages = new ArrayList<>();
        public String message;
        public String explanation;
    }

    /** An acceptance that holds no longer. */
    public static class Expired {
        public String by;
        public String until;
    }
}
