package io.jenkins.plugins.hardenrunner.engine.audit;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification.Check;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The seals of one job in order. Each seal names the one before it, so that a build that was removed, put in between or
 * made anew shows. Of each seal the series keeps one line, which outlives the build.
 *
 * <p>What no series shows is that its newest seals were cut off together with their lines: for that, somebody else must
 * know the newest one (an export, or a build of another job).
 */
public final class SealSeries {
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) ([0-9a-f]{1,64}|-) ([0-9a-f]{64}) ([0-9a-f]{64}|-)");

    private SealSeries() {}

    /**
     * A seal as the series remembers it.
     *
     * @param digest SHA-256 of the seal's payload
     * @param previous of the seal before it; null for the first
     */
    public record Entry(long sequence, long build, String block, String digest, String previous) {
        /** What the series keeps of a seal. */
        public static Entry of(Seal seal) {
            return new Entry(seal.sequence(), seal.subject().build(), seal.subject().block(), Sha256.hex(seal.toJson()), seal.previous());
        }

        /** One line without its end: sequence, build, block, digest, previous digest, {@code -} for none. */
        public String line() {
            return sequence + " " + build + " " + (block.isEmpty() ? "-" : block) + " " + digest + " " + (previous == null ? "-" : previous);
        }

        /** Reads a line. @throws EvidenceException if it is none */
        public static Entry parse(String line) throws EvidenceException {
            Matcher fields = LINE.matcher(line);
            if (!fields.matches()) {
                throw new EvidenceException("not a line of a seal series: sequence, build, block, digest and previous digest are expected");
            }
            return new Entry(Long.parseLong(fields.group(1)), Long.parseLong(fields.group(2)),
                    fields.group(3).equals("-") ? "" : fields.group(3), fields.group(4),
                    fields.group(5).equals("-") ? null : fields.group(5));
        }
    }

    /**
     * Checks a series.
     *
     * @param lines as they are stored, oldest first
     * @param present the seals that are there, by the digest of their payload
     */
    public static List<Check> check(List<String> lines, Map<String, Seal> present) {
        List<Check> checks = new ArrayList<>();
        Set<String> known = new HashSet<>();
        Entry before = null;
        for (int i = 0; i < lines.size(); i++) {
            Entry entry;
            try {
                entry = Entry.parse(lines.get(i));
            } catch (EvidenceException e) {
                checks.add(new Check("series", Result.FAILS, "line " + (i + 1) + ": " + e.getMessage()));
                before = null;
                continue;
            }
            String subject = "seal " + entry.sequence() + " (build " + entry.build() + ")";
            long expected = before == null ? entry.sequence() : before.sequence() + 1;
            if (entry.sequence() != expected || i == 0 && entry.sequence() != 1) {
                checks.add(new Check(subject, Result.FAILS, "seal " + (i == 0 ? 1 : expected) + " was expected here"));
            } else if (before != null && !before.digest().equals(entry.previous())) {
                checks.add(new Check(subject, Result.FAILS, "it follows another seal than the one before it in the series"));
            } else {
                checks.add(presence(subject, entry, present));
            }
            known.add(entry.digest());
            before = entry;
        }
        for (Map.Entry<String, Seal> seal : present.entrySet()) {
            if (!known.contains(seal.getKey())) {
                checks.add(new Check("seal " + seal.getValue().sequence() + " (build " + seal.getValue().subject().build() + ")", Result.FAILS,
                        "it is not in the series: it was made anew, altered, or its line removed"));
            }
        }
        return checks;
    }

    private static Check presence(String subject, Entry entry, Map<String, Seal> present) {
        return present.containsKey(entry.digest())
                ? new Check(subject, Result.HOLDS, "in its place")
                : new Check(subject, Result.UNKNOWN, "the build, or its seal, was removed");
    }
}
