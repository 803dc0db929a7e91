package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The smallest allow list for what was seen in one build or in several: one entry for each name (or address without
 * one), protocol and port, and a pattern in place of names where the builds show that they rotate ({@link Wildcards}).
 *
 * <p>An entry with a note is one that a finding concerns. It is written, but as a comment: who pastes the
 * recommendation without reading it lets the build pass and the attacker not.
 */
public final class Recommendation {
    /**
     * An observed destination.
     *
     * @param count how often it was contacted
     * @param firstSeen ISO-8601, so that texts sort like times
     * @param note why a person should look at it first; null if nothing speaks against it
     */
    public record Observed(Endpoint endpoint, long count, String firstSeen, String lastSeen, String note) {
        public Observed {
            firstSeen = firstSeen == null ? "" : firstSeen;
            lastSeen = lastSeen == null ? "" : lastSeen;
        }
    }

    /**
     * An entry of the recommendation.
     *
     * @param builds in how many of the builds it was seen
     * @param note as in {@link Observed}
     * @param collapsed the names that the pattern stands for; empty for an entry that is no pattern
     */
    public record Entry(Endpoint endpoint, long count, int builds, String firstSeen, String lastSeen, String note,
            List<String> collapsed) {
        public Entry {
            collapsed = List.copyOf(collapsed);
        }

        Entry joined(Entry other) {
            return new Entry(endpoint, count + other.count, builds + other.builds,
                    first(firstSeen, other.firstSeen), lastSeen.compareTo(other.lastSeen) >= 0 ? lastSeen : other.lastSeen,
                    note == null || other.note == null ? null : note, List.of());
        }

        static String first(String a, String b) {
            return a.isEmpty() || !b.isEmpty() && b.compareTo(a) < 0 ? b : a;
        }
    }

    private final List<Entry> entries;
    private final int builds;

    private Recommendation(List<Entry> entries, int builds) {
        this.entries = List.copyOf(entries);
        this.builds = builds;
    }

    /** The recommendation of one build. One observation without a note clears an endpoint: something else needs it too. */
    public static Recommendation of(Collection<Observed> observations) {
        return ofBuilds(List.of(observations));
    }

    /**
     * The recommendation of several builds. An endpoint that one build contacted without arousing suspicion is clear.
     *
     * @param builds what each saw, oldest first
     */
    public static Recommendation ofBuilds(List<? extends Collection<Observed>> builds) {
        List<Map<Endpoint, Entry>> each = new ArrayList<>();
        Map<Endpoint, Entry> joined = new LinkedHashMap<>();
        for (Collection<Observed> observations : builds) {
            Map<Endpoint, Entry> one = new LinkedHashMap<>();
            for (Observed seen : observations) {
                one.merge(seen.endpoint(), entry(seen, 1), (a, b) -> a.joined(entry(seen, 0)));
            }
            each.add(one);
            one.forEach((endpoint, entry) -> joined.merge(endpoint, entry, Entry::joined));
        }
        List<Entry> entries = new Wildcards(each).collapse(new ArrayList<>(joined.values()));
        entries.sort(Comparator.comparing(entry -> entry.endpoint().toString()));
        return new Recommendation(entries, builds.size());
    }

    private static Entry entry(Observed seen, int builds) {
        return new Entry(seen.endpoint(), seen.count(), builds, seen.firstSeen(), seen.lastSeen(), seen.note(), List.of());
    }

    /** All entries, sorted. */
    public List<Entry> entries() {
        return entries;
    }

    /** How many builds it rests on. */
    public int builds() {
        return builds;
    }

    /** The entries against which nothing speaks. */
    List<Entry> clean() {
        return entries.stream().filter(entry -> entry.note() == null).toList();
    }

    /** The entries that a person should look at first. */
    List<Entry> noted() {
        return entries.stream().filter(entry -> entry.note() != null).toList();
    }

    /** One endpoint a line, as the list parameter of the step takes it; entries with a note are left out. */
    public String text() {
        StringBuilder text = new StringBuilder();
        clean().forEach(entry -> text.append(entry.endpoint()).append('\n'));
        return text.toString();
    }

    /** A {@code hardenRunner} step that allows what was seen. */
    public String jenkinsfile() {
        return new RecommendationText(this).jenkinsfile();
    }

    /** Configuration as Code: a named policy of the global configuration, under the name {@code recommended}. */
    public String jcasc() {
        return jcasc("recommended");
    }

    /** As {@link #jcasc()}, under another name. */
    public String jcasc(String name) {
        return new RecommendationText(this).jcasc(NamedPolicy.checkName(name));
    }

    /** A policy file (docs/policy.md). */
    public String policy() {
        return new RecommendationText(this).policy();
    }

    /** The inputs of the GitHub action; {@link GitHubAction#parse} reads them back. */
    public String github() {
        return GitHubAction.text(this);
    }
}
