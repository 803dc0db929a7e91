import io.jenkins.plugins.hardenrunner.engine.audit.EventArchive;
import io.jenkins.plugins.hardenrunner.engine.event.EventChain;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * {@code java Evidence stream EVENTS NONCE STORED ROUNDS}: CPU time of moving an event file as the plugin does;
 * {@code java Evidence store EVENTS NONCE STORED N}: the room that its first N events take (whole lines, so some more). Prints {@code NAME<tab>VALUE}.
 */
public final class Evidence {
    private static final int ANSWER = 1 << 20;
    /** So that a round is long enough for the clock. */
    private static final int REPEATS = 20;
    private static final Pattern GATHERED = Pattern.compile("^\\{\"seq\":[0-9]+,\"t\":[0-9]+,\"m\":[0-9]+,\"k\":\"files\",\"n\":([0-9]+),");

    private Evidence() {}

    /** As agent.ReadEvents.Chunk: what goes over the wire. */
    private static final class Chunk implements Serializable {
        private static final long serialVersionUID = 1L;
        byte[] bytes;
    }

    public static void main(String[] args) throws Exception {
        Path events = Path.of(args[1]);
        Path stored = Path.of(args[3]);
        int count = Integer.parseInt(args[4]);
        if (args[0].equals("stream")) {
            stream(events, stored, count);
        } else {
            store(events, args[2], stored, count);
        }
    }

    private static void stream(Path events, Path stored, int rounds) throws Exception {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double[] cpu = new double[rounds];
        int answers = 0;
        for (int round = -5; round < rounds; round++) {
            long start = system.getProcessCpuTime();
            for (int i = 0; i < REPEATS; i++) {
                Files.deleteIfExists(stored);
                answers = move(events, stored);
            }
            if (round >= 0) {
                cpu[round] = (system.getProcessCpuTime() - start) / 1e6 / REPEATS;
            }
        }
        Arrays.sort(cpu);
        System.out.printf("cpu\t%.2f (%.2f–%.2f)%n", cpu[rounds / 2], cpu[0], cpu[rounds - 1]);
        System.out.printf("answers\t%d%n", answers);
        System.out.printf("mebibytes\t%.1f%n", Files.size(events) / 1048576.0);
    }

    private static int move(Path events, Path stored) throws Exception {
        int answers = 0;
        for (long offset = 0; ; answers++) {
            Chunk chunk = new Chunk();
            try (FileChannel in = FileChannel.open(events, StandardOpenOption.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(ANSWER, in.size() - offset));
                while (bytes.hasRemaining() && in.read(bytes, offset + bytes.position()) >= 0) {
                    // until the buffer is full
                }
                chunk.bytes = bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
            }
            if (chunk.bytes.length == 0) {
                return answers;
            }
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(wire)) {
                out.writeObject(chunk);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(wire.toByteArray()))) {
                byte[] bytes = ((Chunk) in.readObject()).bytes;
                Files.write(stored, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                offset += bytes.length;
            }
        }
    }

    private static void store(Path events, String nonce, Path stored, int count) throws IOException {
        // The first N events, and a chain of their own, as if the build had ended there.
        EventChain chain = new EventChain(nonce);
        int found = 0;
        try (BufferedReader in = Files.newBufferedReader(events, StandardCharsets.UTF_8); OutputStream out = Files.newOutputStream(stored)) {
            for (String line; found < count && (line = in.readLine()) != null; ) {
                Matcher gathered = GATHERED.matcher(line);
                found += gathered.find() ? Integer.parseInt(gathered.group(1)) : 1;
                byte[] body = line.substring(0, line.length() - EventChain.TAIL).getBytes(StandardCharsets.UTF_8);
                out.write(body);
                out.write(EventChain.tail(chain.append(body, body.length)));
                out.write('\n');
            }
        }
        if (found < count) {
            throw new IOException("only " + found + " events were recorded");
        }
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(stored)) {
            EventArchive.write(nonce, in, archive);
        }
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of()));
        try (InputStream in = Files.newInputStream(stored)) {
            builder.readEvents(new LaunchInfo("l-1", null, null, null, nonce), in);
        }
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(report)) {
            ReportJson.write(builder.build(), out);
        }
        System.out.printf("raw\t%d%narchive\t%d%nreport\t%d%nsum\t%d%n",
                Files.size(stored) >> 10, archive.size() >> 10, report.size() >> 10, (archive.size() + report.size()) >> 10);
    }
}
