package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Process chains, each written once and referred to by id. */
final class Lineages {
    /** No honest build nests deeper; parents that a forged file closes to a circle end here too. */
    private static final int MAX_DEPTH = 64;

    private static final Set<String> INSTALL_SCRIPTS = Set.of(
            "preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "prepublish");

    /** An npm dependency's install script. */
    record DependencyScript(String packageName, String version, String script) {
        String label() {
            return packageName + (version.isEmpty() ? "" : "@" + version);
        }
    }

    private final Map<ImageRef, Event.Image> images;
    private final Map<String, LaunchInfo> launches;
    private final Map<ImageRef, Report.Lineage> lineages = new LinkedHashMap<>();

    Lineages(Map<ImageRef, Event.Image> images, Map<String, LaunchInfo> launches) {
        this.images = images;
        this.launches = launches;
    }

    /** The images from this one up to the command; empty if none is known. */
    List<Event.Image> chain(ImageRef ref) {
        List<Event.Image> chain = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        long id = ref.image();
        while (chain.size() < MAX_DEPTH && seen.add(id)) {
            Event.Image image = images.get(new ImageRef(ref.launch(), id));
            if (image == null) {
                break;
            }
            chain.add(image);
            id = image.parent();
        }
        return chain;
    }

    List<String> ids(Collection<ImageRef> refs) {
        return refs.stream().map(this::lineage).map(lineage -> lineage.id).distinct().toList();
    }

    Report.Lineage lineage(ImageRef ref) {
        Report.Lineage known = lineages.get(ref);
        if (known != null) {
            return known;
        }
        Report.Lineage lineage = new Report.Lineage();
        lineage.id = "l" + (lineages.size() + 1);
        lineage.launch = ref.launch();
        LaunchInfo launch = launches.get(ref.launch());
        if (launch != null) {
            lineage.step = launch.step();
            lineage.stage = launch.stage();
        }
        for (Event.Image image : chain(ref)) {
            Report.LineageProcess process = fill(new Report.LineageProcess(), image);
            process.id = ref.launch() + ":" + image.id();
            lineage.processes.add(process);
            if (lineage.packageName == null && image.npmPackage() != null) {
                lineage.packageName = image.npmPackage().name();
                lineage.packageVersion = emptyToNull(image.npmPackage().version());
                lineage.script = emptyToNull(image.npmPackage().script());
            }
        }
        lineages.put(ref, lineage);
        return lineage;
    }

    Collection<Event.Image> images() {
        return images.values();
    }

    List<Report.Lineage> all() {
        return new ArrayList<>(lineages.values());
    }

    static <P extends Report.LineageProcess> P fill(P process, Event.Image image) {
        process.pid = image.pid();
        process.exe = image.exe();
        process.argv = new ArrayList<>(image.argv());
        process.cwd = image.cwd();
        return process;
    }

    /**
     * The dependency whose install script this image belongs to; null if it belongs to none. The project's own
     * scripts run in the folder in which npm was called, those of dependencies (linked ones too) elsewhere.
     */
    DependencyScript dependencyScript(ImageRef ref) {
        List<Event.Image> chain = chain(ref);
        for (int i = 0; i < chain.size(); i++) {
            Event.NpmPackage npm = chain.get(i).npmPackage();
            if (npm == null || !INSTALL_SCRIPTS.contains(npm.script())) {
                continue;
            }
            int root = i;
            while (root + 1 < chain.size() && npm.equals(chain.get(root + 1).npmPackage())) {
                root++;
            }
            boolean own = root + 1 < chain.size() && chain.get(root + 1).cwd().equals(chain.get(root).cwd());
            if (!own) {
                return new DependencyScript(npm.name(), npm.version(), npm.script());
            }
        }
        return null;
    }

    static String emptyToNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
