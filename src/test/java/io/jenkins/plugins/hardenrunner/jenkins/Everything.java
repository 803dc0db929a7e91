package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.engine.export.RuntimeTrace;
import io.jenkins.plugins.hardenrunner.engine.export.Sarif;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** All that a build leaves on the controller's disk, and all that is served about it, unpacked. */
final class Everything {
    private Everything() {}

    static Map<String, byte[]> of(JenkinsRule r, WorkflowRun b) throws Exception {
        Map<String, byte[]> all = new LinkedHashMap<>();
        Job<?, ?> job = b.getParent();
        try (Stream<Path> files = Files.walk(job.getRootDir().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(job.getRootDir().toPath().relativize(file).toString(), unpacked(file.toString(), Files.readAllBytes(file)));
            }
        }
        String block = Builds.blocks(b).get(0).getId();
        String page = b.getUrl() + "harden-runner/";
        JenkinsRule.WebClient client = r.createWebClient();
        client.getOptions().setJavaScriptEnabled(false);
        List<String> urls = List.of(
                b.getUrl(), b.getUrl() + "consoleText", b.getUrl() + "api/json?depth=3", page, page + "report?block=" + block,
                page + "endpoints.csv?block=" + block, page + "files.csv?block=" + block, page + "findings.sarif", page + "api/json?depth=3",
                page + "evidence/" + block + "/seal.json", page + "evidence/" + block + "/verification",
                job.getUrl() + "harden-runner/", job.getUrl() + "harden-runner/data", "harden-runner-keys/");
        for (String url : urls) {
            all.put("/" + url, client.goTo(url, null).getWebResponse().getContentAsStream().readAllBytes());
        }
        Report report = Builds.report(b);
        all.put("sarif", Sarif.of(report, "id").getBytes(StandardCharsets.UTF_8));
        all.put("in-toto", RuntimeTrace.statement(report, List.of(new RuntimeTrace.Subject("a", "0".repeat(64))), "host", "event")
                .getBytes(StandardCharsets.UTF_8));
        return all;
    }

    private static byte[] unpacked(String name, byte[] bytes) throws Exception {
        if (name.endsWith(".gz")) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            }
        }
        return name.endsWith("seal.json") ? Envelope.fromJson(bytes).payload() : bytes;
    }
}
