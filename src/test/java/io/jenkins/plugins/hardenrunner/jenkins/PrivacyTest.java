package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.FilePath;
import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.util.Secret;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.seal.EvidenceConfiguration;
import io.jenkins.plugins.hardenrunner.testing.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Secrets that a build spreads in every form, and a search for them in everything that is stored and served. */
@WithJenkins
class PrivacyTest {
    private static final String TEXT = "xyzzyPlugh&\"fi sh'9%p\\w+/?>~";
    private static final String PASSWORD = "Sword?>fish>~~42-grue";
    private static final String FILE_CONTENT = "npm_" + "zq7Rk2".repeat(6);
    private static final String BY_NAME = "deploy-frobozz-77-key";
    private static final String BY_PATTERN = "ghp_" + "Ab3Zx9".repeat(6);
    private static final String AFTER_OPTION = "mailbox-zorkmid";

    private JenkinsRule r;
    private Local server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        server = new Local();
        List<Credentials> all = SystemCredentialsProvider.getInstance().getCredentials();
        all.add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "text", "", Secret.fromString(TEXT)));
        all.add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "login", "", "grue", PASSWORD));
        all.add(new FileCredentialsImpl(CredentialsScope.GLOBAL, "file", "", "key.txt",
                SecretBytes.fromBytes(FILE_CONTENT.getBytes(StandardCharsets.UTF_8))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Each secret's forms, by a name, with what a search has to find of them; made by other code than what hides them. */
    private static Map<String, String> planted() {
        Map<String, String> forms = new LinkedHashMap<>();
        Spelling.of(TEXT).forEach((name, form) -> forms.put("text " + name, form));
        Spelling.of(PASSWORD).forEach((name, form) -> forms.put("password " + name, form));
        forms.put("file content", FILE_CONTENT.substring(4));
        forms.put("variable by name", BY_NAME);
        Spelling.of(BY_NAME).forEach((name, form) -> forms.put("variable " + name, form));
        forms.put("pattern", BY_PATTERN.substring(4));
        forms.put("option", AFTER_OPTION);
        return forms;
    }

    /** A script that passes everything to processes, hosts, files and a source under version control. */
    private void lay(FilePath workspace) throws Exception {
        List<String> script = new ArrayList<>(List.of("set -e"));
        List<String> words = new ArrayList<>();
        for (String secret : List.of(TEXT, PASSWORD, BY_NAME)) {
            words.addAll(Spelling.of(secret).values());
            words.add("{\"nested\":\"" + Spelling.json(secret) + "\"}");
            words.add(Spelling.shell(secret));
        }
        for (String word : words) {
            script.add("/bin/true 'x='" + Spelling.shell(word));
            script.add("/bin/sh -c '/bin/true \"$1\"' sh " + Spelling.shell("before " + word + " after"));
        }
        script.add("/bin/true --content \"$(cat \"$KEY_FILE\")\" \"$KEY_FILE\"");
        script.add("/bin/true " + BY_PATTERN + " --password " + AFTER_OPTION + " --token=" + AFTER_OPTION);
        script.add("echo x > plain-" + BY_NAME + "-" + BY_PATTERN);
        script.add(server.curl() + "?q=" + Spelling.of(TEXT).get("url") + " -u grue:" + PASSWORD);
        script.add("getent hosts " + BY_NAME + ".example.test || true");
        words.forEach(word -> script.add("printf '%s\\n' " + Spelling.shell("key = " + word) + " >> tracked.txt"));
        script.add("printf '%s\\n' --password=" + AFTER_OPTION + " " + BY_PATTERN + " " + FILE_CONTENT + " >> tokens-in-it.txt");
        workspace.child("spread.sh").write(String.join("\n", script) + "\n", "UTF-8");
        workspace.child("tracked.txt").write("first\n", "UTF-8");
        workspace.child("tokens-in-it.txt").write("first\n", "UTF-8");
    }

    private WorkflowRun build(String body) throws Exception {
        WorkflowJob job = Builds.job(r, "node { sh 'git init -q . && git add *.txt && git -c user.name=x -c user.email=x@y commit -qm x';"
                + body + " }");
        FilePath workspace = r.jenkins.getWorkspaceFor(job);
        workspace.mkdirs();
        lay(workspace);
        return r.buildAndAssertStatus(Result.SUCCESS, job);
    }

    /** Which forms stand in something that belongs to the build. */
    private TreeSet<String> found(WorkflowRun b) throws Exception {
        Map<String, byte[]> everything = Everything.of(r, b);
        assertThat(everything.size(), greaterThan(20));
        TreeSet<String> found = new TreeSet<>();
        everything.forEach((place, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            planted().forEach((name, form) -> {
                if (text.contains(form) || text.contains(Spelling.json(form))) {
                    found.add(name + " in " + place);
                }
            });
        });
        return found;
    }

    @Test
    void nothingThatIsStoredOrServedHoldsASecret() throws Exception {
        // Not in the Jenkinsfile: that is stored as it was written.
        r.jenkins.getGlobalNodeProperties().add(new EnvironmentVariablesNodeProperty(
                new EnvironmentVariablesNodeProperty.Entry("MY_DEPLOY_TOKEN", BY_NAME)));
        WorkflowRun b = build("hardenRunner(loopback: 'own') { withCredentials(["
                + "string(credentialsId: 'text', variable: 'TEXT'), file(credentialsId: 'file', variable: 'KEY_FILE'),"
                + "usernamePassword(credentialsId: 'login', usernameVariable: 'U', passwordVariable: 'P')]) { sh 'sh ./spread.sh' } }");
        assertThat(found(b), is(empty()));
        Report report = Builds.report(b);
        // They were there to be seen: the same commands, with what hides them.
        assertThat(report.processes.stream().flatMap(p -> p.argv.stream()).toList(), hasItem("x=****"));
        assertThat(report.files.stream().anyMatch(f -> f.diff != null && f.diff.contains("key = ****")), is(true));
        assertThat(report.endpoints.isEmpty(), is(false));
    }

    /** The search finds each of them where nothing is known to be secret: otherwise it would prove nothing. */
    @Test
    void theSearchFindsWhatIsNotHidden() throws Exception {
        EvidenceConfiguration evidence = EvidenceConfiguration.get();
        evidence.setRedactedVariables("");
        evidence.setRedactedPatterns("");
        evidence.setRedactedOptions("");
        WorkflowRun b = build("writeFile file: 'key', text: ''; sh 'printf %s " + FILE_CONTENT + " > key'; withEnv(['KEY_FILE=key']) {"
                + " hardenRunner(loopback: 'own') { sh 'sh ./spread.sh' } }");
        TreeSet<String> found = found(b);
        for (String form : planted().keySet()) {
            for (String place : List.of(".events.gz", "report.json.gz", "report?block=", "in-toto")) {
                boolean seen = found.stream().anyMatch(hit -> hit.startsWith(form + " in ") && hit.contains(place));
                assertThat(form + " in " + place + " of " + found, seen, is(true));
            }
        }
    }
}
