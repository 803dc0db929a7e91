import io.jenkins.plugins.hardenrunner.engine.source.CaptureOptions;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Measures the manifest and the exit check on a work tree: {@code java Sources FOLDER new|warm ROUNDS}. Prints lines
 * {@code KIND<tab>WHAT<tab>wall ms<tab>CPU ms}.
 */
public final class Sources {
    private static final int WARM_UP = 10;

    private final String kind;
    private boolean counted;

    private Sources(String kind) {
        this.kind = kind;
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private <T> T timed(String name, Work<T> work) throws Exception {
        Thread.sleep(50); // a file written in the clock's tick before a capture has to be read again; builds are slower
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        T result = work.run();
        wall = System.nanoTime() - wall;
        cpu = system.getProcessCpuTime() - cpu;
        if (counted) {
            System.out.printf("%s\t%s\t%.1f\t%.1f%n", kind, name, wall / 1e6, cpu / 1e6);
        }
        return result;
    }

    private void round(Path folder) throws Exception {
        SourceManifest manifest = timed("manifest at block entry", () -> SourceManifest.capture(folder));
        byte[] bytes = timed("the same for the controller, compressed", manifest::compressed);
        none(timed("check at block exit, nothing changed", () -> manifest.compareTouched(Set.of())));
        SourceManifest second = timed("second block in the build, nothing written in between", () -> {
            SourceManifest next = SourceManifest.capture(folder, CaptureOptions.DEFAULTS.previous(manifest));
            if (!next.saysTheSame(manifest)) { // as the agent finds out that it need not send it again
                throw new IllegalStateException("the manifests differ");
            }
            return next;
        });
        Path file = Path.of(second.paths().stream().filter(path -> path.endsWith(".java")).findFirst().orElseThrow());
        byte[] content = Files.readAllBytes(file);
        Files.writeString(file, "class Evil {}\n");
        SourceManifest third = timed("second block, one file written in between",
                () -> SourceManifest.capture(folder, CaptureOptions.DEFAULTS.previous(second)));
        Files.write(file, content);
        one(timed("check at block exit, one file changed", () -> third.compareTouched(Set.of(file.toString()))));
        SourceManifest read = timed("manifest read again, where the agent was started anew", () -> SourceManifest.decompressed(bytes));
        none(read.compareTouched(Set.of()));
        if (counted) {
            System.out.printf("%s\tsize\t%d%n", kind, bytes.length / 1024);
        }
    }

    private static void none(List<SourceChange> changes) {
        if (!changes.isEmpty()) {
            throw new IllegalStateException("changes: " + changes);
        }
    }

    private static void one(List<SourceChange> changes) {
        if (changes.size() != 1) {
            throw new IllegalStateException("changes: " + changes);
        }
    }

    public static void main(String[] args) throws Exception {
        Sources sources = new Sources(args[1]);
        Path folder = Path.of(args[0]);
        for (int i = args[1].equals("warm") ? WARM_UP : 0; i > 0; i--) {
            sources.round(folder);
        }
        sources.counted = true;
        for (int i = Integer.parseInt(args[2]); i > 0; i--) {
            sources.round(folder);
        }
    }
}
