import io.jenkins.plugins.hardenrunner.engine.source.CaptureOptions;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Measures the manifest and the exit check on a work tree: {@code java -cp CLASSES bench/Sources.java FOLDER ROUNDS}. */
public final class Sources {
    private static final TreeMap<String, List<double[]>> RESULTS = new TreeMap<>();

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> T timed(String name, Work<T> work) throws Exception {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        T result = work.run();
        RESULTS.computeIfAbsent(name, any -> new ArrayList<>())
                .add(new double[] {(System.nanoTime() - wall) / 1e6, (system.getProcessCpuTime() - cpu) / 1e6});
        return result;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        int size = 0;
        SourceManifest manifest = null;
        for (int i = 0; i <= rounds; i++) {
            String round = i == 0 ? "0 first in this JVM: " : "1 warm: ";
            manifest = timed(round + "manifest at block entry", () -> SourceManifest.capture(folder));
            SourceManifest before = manifest;
            timed(round + "second block, same files", () -> SourceManifest.capture(folder, CaptureOptions.DEFAULTS.previous(before)));
            byte[] bytes = timed(round + "manifest to bytes (compressed)", () -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (OutputStream zip = new GZIPOutputStream(out)) {
                    before.write(zip);
                }
                return out.toByteArray();
            });
            size = bytes.length;
            SourceManifest read = timed(round + "manifest from bytes",
                    () -> SourceManifest.read(new GZIPInputStream(new ByteArrayInputStream(bytes))));
            List<SourceChange> none = timed(round + "exit check, nothing changed", () -> read.compareTouched(Set.of()));
            if (!none.isEmpty()) {
                throw new IllegalStateException("changes: " + none);
            }
            Path changed = Path.of(read.paths().stream().filter(path -> path.endsWith(".java")).findFirst().orElseThrow());
            byte[] content = Files.readAllBytes(changed);
            Files.writeString(changed, "class Evil {}\n");
            List<SourceChange> one = timed(round + "exit check, one file changed", () -> read.compareTouched(Set.of(changed.toString())));
            Files.write(changed, content);
            if (one.size() != 1) {
                throw new IllegalStateException("changes: " + one);
            }
        }
        System.out.println("files: " + manifest.paths().size() + ", manifest " + size / 1024 + " KiB compressed");
        RESULTS.forEach((name, values) -> System.out.printf("%-50s wall %s ms, CPU %s ms%n", name.substring(2),
                spread(values, 0), spread(values, 1)));
    }

    private static String spread(List<double[]> values, int index) {
        List<Double> sorted = new ArrayList<>(values.stream().map(value -> value[index]).toList());
        Collections.sort(sorted);
        return String.format("%.0f (%.0f-%.0f)", sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
