package io.jenkins.plugins.hardenrunner.engine.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.engine.audit.SigningKey;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A report as an in-toto Statement (v1) with the predicate {@code runtime-trace/v0.1}: what was observed while the
 * subjects were made. Processes, destinations and policy are those of report.json; files under version control that
 * changed carry their git blob ids.
 */
public final class RuntimeTrace {
    /** Media type of the statement in its envelope. */
    public static final String TYPE = "application/vnd.in-toto+json";

    private static final String MONITOR = "https://github.com/jenkinsci/harden-runner-plugin";

    private RuntimeTrace() {}

    /** Something that the build made. @param sha256 in lower-case hexadecimal digits */
    public record Subject(String name, String sha256) {}

    /**
     * The statement.
     *
     * @param subjects at least one: a statement about nothing attests nothing
     * @param host URI of the machine or Jenkins
     * @param event what ran, such as {@code job/17}
     */
    public static String statement(Report report, List<Subject> subjects, String host, String event) {
        if (subjects.isEmpty()) {
            throw new IllegalArgumentException("an in-toto statement needs a subject: a file that the run made");
        }
        ObjectNode statement = Json.object();
        statement.put("_type", "https://in-toto.io/Statement/v1");
        ArrayNode list = statement.putArray("subject");
        for (Subject subject : subjects) {
            list.addObject().put("name", subject.name()).putObject("digest").put("sha256", subject.sha256());
        }
        statement.put("predicateType", "https://in-toto.io/attestation/runtime-trace/v0.1");
        ObjectNode predicate = statement.putObject("predicate");
        ObjectNode monitor = predicate.putObject("monitor");
        monitor.put("type", MONITOR + (report.tool.version.isEmpty() ? "" : "/releases/tag/" + report.tool.version));
        ObjectNode policy = monitor.putObject("tracePolicy");
        policy.put("state", report.state);
        policy.put("verdict", report.verdict);
        policy.set("policy", Json.tree(report.policy));
        policy.set("coverage", Json.tree(report.coverage));
        predicate.putObject("monitoredProcess")
                .put("hostID", host)
                .put("type", MONITOR + "/build")
                .put("event", event);
        ObjectNode log = predicate.putObject("monitorLog");
        log.set("process", Json.tree(report.processes));
        log.set("network", Json.tree(report.endpoints));
        files(log.putArray("fileAccess"), report);
        ObjectNode metadata = predicate.putObject("metadata");
        if (report.started != null) {
            metadata.put("buildStartedOn", report.started);
        }
        if (report.ended != null) {
            metadata.put("buildFinishedOn", report.ended);
        }
        return Json.text(statement);
    }

    /** The same, signed. */
    public static Envelope sign(String statement, List<SigningKey> keys) {
        return Envelope.sign(TYPE, statement.getBytes(StandardCharsets.UTF_8), keys);
    }

    private static void files(ArrayNode list, Report report) {
        for (Report.File file : report.files) {
            ObjectNode descriptor = list.addObject();
            descriptor.put("name", file.path);
            // A resource descriptor has a URI or a digest, and what a file holds is often not known.
            descriptor.put("uri", Uris.of("file", file.path));
            if (file.after != null && file.after.startsWith("blob:")) {
                descriptor.putObject("digest").put("gitBlob", file.after.substring("blob:".length()));
            }
            ObjectNode annotations = descriptor.putObject("annotations");
            annotations.put("operation", file.operation);
            annotations.put("verdict", file.verdict);
            annotations.put("tracked", file.tracked);
            annotations.put("count", file.count);
            if (file.before != null) {
                annotations.put("before", file.before);
            }
        }
    }
}
