package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What one block did, as far as a baseline is about it.
 *
 * @param supervised whether anything was: otherwise nothing is known about what the block did
 * @param intact whether the evidence is whole
 * @param seen endpoints and files in the order of first appearance, each once
 */
public record Observation(boolean supervised, boolean intact, List<Seen> seen) {
    /**
     * One endpoint or file.
     *
     * @param programs who used it, sorted
     * @param alarming those of them whose use a finding of high or critical severity concerns
     * @param refused whether every use was refused, so that it did not happen
     * @param suspect whether a finding of high or critical severity concerns it as a whole
     */
    public record Seen(
            Subject subject, List<String> programs, List<String> alarming, boolean refused, boolean suspect,
            String first, String last) {
        @JsonCreator
        public Seen(
                @JsonProperty("subject") Subject subject,
                @JsonProperty("programs") List<String> programs,
                @JsonProperty("alarming") List<String> alarming,
                @JsonProperty("refused") boolean refused,
                @JsonProperty("suspect") boolean suspect,
                @JsonProperty("first") String first,
                @JsonProperty("last") String last) {
            if (subject.kind() == Subject.Kind.PROGRAM) {
                throw new IllegalArgumentException("endpoints and files are seen, with their programs");
            }
            this.subject = subject;
            this.programs = List.copyOf(new TreeSet<>(programs));
            this.alarming = List.copyOf(new TreeSet<>(alarming));
            this.refused = refused;
            this.suspect = suspect;
            this.first = first;
            this.last = last;
        }

        /** Who may become part of a baseline without a person. */
        List<String> harmless() {
            return programs.stream().filter(program -> !alarming.contains(program)).toList();
        }

        /** Whether the subject itself may. */
        boolean learnable() {
            return !refused && !suspect && (programs.isEmpty() || !harmless().isEmpty());
        }

        Seen merge(Seen other) {
            return new Seen(subject, both(programs, other.programs), both(alarming, other.alarming), refused && other.refused,
                    suspect || other.suspect, first.compareTo(other.first) <= 0 ? first : other.first,
                    last.compareTo(other.last) >= 0 ? last : other.last);
        }

        private static List<String> both(List<String> a, List<String> b) {
            TreeSet<String> all = new TreeSet<>(a);
            all.addAll(b);
            return List.copyOf(all);
        }
    }

    public Observation {
        Map<Subject, Seen> once = new LinkedHashMap<>();
        seen.forEach(entry -> once.merge(entry.subject(), entry, Seen::merge));
        seen = List.copyOf(once.values());
    }

    /** What two blocks of one name did together. */
    public Observation merge(Observation other) {
        List<Seen> all = new ArrayList<>(seen);
        all.addAll(other.seen);
        return new Observation(supervised || other.supervised, intact && other.intact, all);
    }
}
