package io.jenkins.plugins.hardenrunner.engine.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** report.json as docs/report.md has it: plain data, nothing computed. Times are ISO-8601 in UTC with milliseconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public class Report {
    /** The version of the format. */
    public static final int SCHEMA = 1;

    public int schema = SCHEMA;
    public Tool tool = new Tool();
    public String state = "off";
    public List<Degraded> degraded = new ArrayList<>();
    public String verdict = "not-supervised";
    public List<String> command = new ArrayList<>();
    public String cwd;
    public String started;
    public String ended;

    /** Null while the command runs, and where no single status says how it ended. */
    @JsonInclude
    public Integer exitCode;

    public int launches;
    public List<Launch> launchDetails = new ArrayList<>();
    public List<Endpoint> endpoints = new ArrayList<>();
    /** Where processes of the block listened. */
    public List<Endpoint> listeners = new ArrayList<>();
    /** Who connected from outside of the machine to where processes of the block listened. */
    public List<Peer> peers = new ArrayList<>();
    public List<Lineage> lineages = new ArrayList<>();
    public List<Process> processes = new ArrayList<>();
    public List<File> files = new ArrayList<>();
    public List<FileGroup> fileGroups = new ArrayList<>();
    public FileSummary fileSummary = new FileSummary();
    public List<Finding> findings = new ArrayList<>();
    public Policy policy = new Policy();
    public Recommended recommendation = new Recommended();
    public List<Coverage> coverage = new ArrayList<>();
    public List<Nested> nested = new ArrayList<>();
    public Integrity integrity = new Integrity();
    public boolean truncated;
    public long dropped;
    public Integer redactions;

    /** What it was compared with; null if with nothing. */
    public BaselineView baseline;

    /** What the baseline does not have; null without a comparison. */
    public List<BaselineView.Deviation> deviations;

    /** Who wrote the report. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Tool {
        public String name = "harden-runner";
        public String version = "";
    }

    /** A block inside this one, which has a report of its own. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Nested {
        public String block;
        public String state;
        public String verdict;
        public int launches;
    }

    /** A missing protection. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Degraded {
        public String protection;
        public String reason;
    }

    /** One supervised launch. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Launch {
        public String id;
        public String step;
        public String stage;
        public String node;
        public List<String> command = new ArrayList<>();
        public String cwd;
        public String started;
        public String ended;
        public Integer exitCode;
        public String state;
        public String kernel;
        public String arch;
        public long uid;
        public long events;
        public long dropped;
    }

    /** What is counted and has times and processes behind it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public abstract static class Observation {
        public String verdict;
        public String rule;
        public long count;
        public String firstSeen;
        public String lastSeen;
        public List<String> lineages = new ArrayList<>();
        /** {@code new}, {@code learning}, {@code known}, {@code accepted} or {@code unwanted}. */
        public String baseline;
        /** The id of the deviation that the row belongs to. */
        public String deviation;
    }

    /** A destination; a name that was refused or only resolved has protocol {@code dns}, port 53 and no address. */
    public static class Endpoint extends Observation {
        private static final Set<String> LOCAL_RULES = Set.of("loopback", "own-listener", "inbound");

        public String name;
        public String address = "";
        public int port;
        public String protocol;

        /** Whether it was free because it stays on the machine, or is one of the block's own listeners. */
        public boolean staysOnTheMachine() {
            return rule != null && LOCAL_RULES.contains(rule);
        }
    }

    /** Connections from an address outside of the machine, by where they arrived; the lineages are those who listened. */
    public static class Peer extends Observation {
        public String address;
        public String local;
        public int localPort;
    }

    /** A file operation, or a watched file that changed. */
    public static class File extends Observation {
        public String path;
        public String root;
        public String category;
        public String operation;
        public String to;
        public boolean tracked;
        public boolean changed;
        public String expected;
        public String before;
        public String after;
        public Long beforeSize;
        public Long afterSize;
        public String diff;
        public String detail;
    }

    /** Changed files with one author. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class FileGroup {
        @JsonProperty("package")
        public String packageName;

        public String packageVersion;
        public String script;
        public String step;
        public List<String> paths = new ArrayList<>();
        public long expected;
        public List<String> lineages = new ArrayList<>();
    }

    /** The processes behind an observation. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Lineage {
        public String id;
        /** Nearest first. */
        public List<LineageProcess> processes = new ArrayList<>();

        @JsonProperty("package")
        public String packageName;

        public String packageVersion;
        public String script;
        public String step;
        public String stage;
        public String launch;
    }

    /** A process in a lineage; {@code id} is {@code launch:image}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class LineageProcess {
        public String id;
        public long pid;
        public String exe;
        public List<String> argv = new ArrayList<>();
        public String cwd;
    }

    /** A process image. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Process extends LineageProcess {
        public String parent;
        public String launch;

        @JsonProperty("package")
        public String packageName;

        public String packageVersion;
        public String script;
    }

    /** Numbers of file operations. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class FileSummary {
        public long written;
        public long created;
        public long removed;
        public long renamed;
        public long listed;
        public long omitted;
        public long changed;
        public long expected;
    }

    /** Something that a person should look at. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Finding {
        public String kind;
        public String severity;
        public String message;
        public String explanation;
        public String remedy;
        public Evidence evidence = new Evidence();
    }

    /** What a finding rests on. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Evidence {
        public List<String> lineages = new ArrayList<>();
        public String endpoint;
        public String path;
        public String rule;
        public String deviation;
    }

    /** The effective policy. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Policy {
        public String egressPolicy;
        public String filePolicy;
        public String credentialPolicy;
        public String loopback;
        public String inbound;
        public String sni;
        public String metadata;
        public List<PolicyRule> rules = new ArrayList<>();
        public List<String> expectedChanges = new ArrayList<>();
        public List<Trace> trace = new ArrayList<>();
        public String sha256;
    }

    /** A rule and who set it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class PolicyRule {
        public String id;
        public String action;
        public String endpoint;
        public String origin;
        public String reason;
        /** What speaks against an allow rule though it stands; null if nothing is known. */
        public String risk;
    }

    /** Who decided a setting. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Trace {
        public String setting;
        public String value;
        public String origin;
        public List<Overruled> overruled = new ArrayList<>();
    }

    /** A value that did not win. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Overruled {
        public String value;
        public String origin;
    }

    /** The smallest policy for what was seen. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Recommended {
        public List<RecommendedEndpoint> allowedEndpoints = new ArrayList<>();
        public String text = "";
        public String jenkinsfile = "";
        public String jcasc = "";
        public String github = "";
    }

    /** An entry of the recommendation; one with a note should be looked at before it is allowed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class RecommendedEndpoint {
        public String endpoint;
        public long count;
        public String firstSeen;
        public String lastSeen;
        public String note;
        /** What speaks against allowing it, whoever contacted it; null if nothing is known. */
        public String risk;
    }

    /** Whether a subject is supervised: {@code yes}, {@code partly} or {@code no}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Coverage {
        public String subject;
        public String covered;
        public String note;
    }

    /** Whether the evidence is whole. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Integrity {
        public boolean intact = true;
        public List<IntegrityProblem> problems = new ArrayList<>();
        public List<ChainHead> chainHeads = new ArrayList<>();
    }

    /** Something wrong with the events of a launch. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class IntegrityProblem {
        public String launch;
        public String kind;
        public Long line;
        public String detail;
    }

    /** The newest hash of a launch. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class ChainHead {
        public String launch;
        public long events;
        public String hash;
    }
}
