package io.jenkins.plugins.hardenrunner.packaging;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an .hpi needs in order to be loaded; the canonical build's packaging takes care of it, ours has to be watched. */
class HpiIT {
    private static final String INNER = "WEB-INF/lib/harden-runner.jar";

    private static Map<String, byte[]> hpi;
    private static Map<String, byte[]> jar;

    @BeforeAll
    static void open() throws Exception {
        try (InputStream in = Files.newInputStream(Path.of(System.getProperty("hpi")))) {
            hpi = entries(in);
        }
        jar = entries(new ByteArrayInputStream(hpi.get(INNER)));
    }

    private static Map<String, byte[]> entries(InputStream in) throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), zip.readAllBytes());
                }
            }
        }
        return entries;
    }

    @Test
    void manifestIsFirstAndSaysThatItIsAPlugin() throws Exception {
        try (JarInputStream in = new JarInputStream(Files.newInputStream(Path.of(System.getProperty("hpi"))))) {
            Manifest manifest = in.getManifest();
            assertThat(manifest.getMainAttributes().getValue("Short-Name"), is("harden-runner"));
            assertThat(manifest.getMainAttributes().getValue("Jenkins-Version"), is("2.541.3"));
            assertThat(manifest.getMainAttributes().getValue("Plugin-Version"), startsWith("999999-SNAPSHOT (central-build-"));
            assertThat(manifest.getMainAttributes().getValue("Plugin-Dependencies"), containsString("workflow-step-api:"));
        }
    }

    /** Without it Jenkins loads the plugin and then refuses to save builds ("Refusing to marshal"). */
    @Test
    void innerJarSaysSoToo() throws Exception {
        Manifest outer = new Manifest(new ByteArrayInputStream(hpi.get("META-INF/MANIFEST.MF")));
        Manifest inner = new Manifest(new ByteArrayInputStream(jar.get("META-INF/MANIFEST.MF")));
        for (String attribute : List.of("Short-Name", "Plugin-Version", "Jenkins-Version", "Plugin-Dependencies")) {
            assertThat(inner.getMainAttributes().getValue(attribute), is(outer.getMainAttributes().getValue(attribute)));
        }
    }

    @Test
    void onlyOurOwnClassesAndOneLibraryAreInIt() {
        List<String> classes = jar.keySet().stream().filter(name -> name.endsWith(".class")).toList();
        assertThat(classes, everyItem(startsWith("io/jenkins/plugins/hardenrunner/")));
        assertThat(classes, everyItem(not(startsWith("io/jenkins/plugins/hardenrunner/cli/"))));
        assertThat(classes, everyItem(not(startsWith("io/jenkins/plugins/hardenrunner/build/"))));
        List<String> libraries = hpi.keySet().stream().filter(name -> name.endsWith(".jar") && !name.equals(INNER)).toList();
        assertThat(libraries, everyItem(startsWith("WEB-INF/lib/opentelemetry-")));
        assertThat("no other HTTP client comes with it", libraries, everyItem(not(containsString("sender"))));
        assertThat(libraries.size(), is(10));
    }

    @Test
    void extensionsAndSymbolsAreIndexed() {
        String extensions = new String(jar.get("META-INF/annotations/hudson.Extension.txt"), StandardCharsets.UTF_8);
        for (String extension : List.of(
                "step.HardenRunnerStep$DescriptorImpl", "launch.StepTagger", "launch.ContainerGuard",
                "collect.RunCompletion", "config.HardenRunnerConfiguration", "sink.SyslogSink$DescriptorImpl", "ui.HardenRunnerTabFactory")) {
            assertThat(extensions, containsString("io.jenkins.plugins.hardenrunner." + extension));
        }
        assertThat(
                new String(jar.get("META-INF/services/annotations/org.jenkinsci.Symbol"), StandardCharsets.UTF_8).lines().toList(),
                hasItems(
                        "io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration",
                        "io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper$DescriptorImpl"));
    }

    @Test
    void resourcesAreInTheirPlaces() {
        assertThat(jar.keySet(), hasItems(
                "index.jelly",
                "io/jenkins/plugins/hardenrunner/Messages.properties",
                "io/jenkins/plugins/hardenrunner/ui/HardenRunnerTab/index.jelly",
                "io/jenkins/plugins/hardenrunner/native/native.properties",
                "io/jenkins/plugins/hardenrunner/native/linux-x86_64/harden-helper"));
        assertThat(hpi.keySet(), hasItem("js/main.js"));
        assertThat(hpi.keySet(), hasItem("css/report.css"));
    }
}
