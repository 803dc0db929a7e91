package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointSyntaxException;
import io.jenkins.plugins.hardenrunner.engine.policy.ExfilCapable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts {@code *.cdn.example.com} in place of names of which each build brings new ones.
 *
 * <p>A pattern allows more than was seen, so it needs evidence that the names rotate: at least {@value #MIN_NAMES} names
 * directly under the same one, on the same ports, over at least {@value #MIN_BUILDS} builds, of which every one since the
 * second brought a name that none before it had. And nothing may speak against it: the parent is no public suffix (then
 * the names belong to different owners), no name under it has a note, and it is not exfil-capable.
 */
final class Wildcards {
    static final int MIN_NAMES = 4;
    static final int MIN_BUILDS = 3;

    private final List<Map<Endpoint, Recommendation.Entry>> builds;

    /** @param builds what each saw, oldest first */
    Wildcards(List<Map<Endpoint, Recommendation.Entry>> builds) {
        this.builds = builds;
    }

    List<Recommendation.Entry> collapse(List<Recommendation.Entry> entries) {
        Map<String, List<Recommendation.Entry>> siblings = new LinkedHashMap<>();
        for (Recommendation.Entry entry : entries) {
            int dot = entry.endpoint().value().indexOf('.');
            if (entry.endpoint().kind() == Endpoint.Kind.NAME && dot > 0) {
                siblings.computeIfAbsent(pattern(entry.endpoint()), any -> new ArrayList<>()).add(entry);
            }
        }
        List<Recommendation.Entry> left = new ArrayList<>(entries);
        siblings.forEach((text, names) -> {
            Endpoint pattern = names.size() < MIN_NAMES ? null : allowed(text);
            if (pattern != null && ExfilCapable.of(pattern) == null && rotates(names) && clean(pattern, entries)) {
                left.removeAll(names);
                left.add(joined(pattern, names));
            }
        });
        return left;
    }

    private static String pattern(Endpoint endpoint) {
        String text = endpoint.toString();
        int from = text.indexOf(endpoint.value());
        return text.substring(0, from) + "*" + text.substring(text.indexOf('.', from));
    }

    /** The pattern, null if the grammar refuses it: behind a public suffix. */
    private static Endpoint allowed(String text) {
        try {
            return Endpoint.parse(text);
        } catch (EndpointSyntaxException e) {
            return null;
        }
    }

    private boolean rotates(List<Recommendation.Entry> names) {
        Set<Endpoint> known = new HashSet<>();
        int seen = 0;
        for (Map<Endpoint, Recommendation.Entry> build : builds) {
            int before = known.size();
            boolean any = false;
            for (Recommendation.Entry name : names) {
                if (build.containsKey(name.endpoint())) {
                    any = true;
                    known.add(name.endpoint());
                }
            }
            if (any && seen++ > 0 && known.size() == before) {
                return false;
            }
        }
        return seen >= MIN_BUILDS;
    }

    private static boolean clean(Endpoint pattern, List<Recommendation.Entry> entries) {
        return entries.stream().noneMatch(entry -> entry.note() != null && entry.endpoint().kind() == Endpoint.Kind.NAME
                && pattern.matchesName(entry.endpoint().value()));
    }

    private Recommendation.Entry joined(Endpoint pattern, List<Recommendation.Entry> names) {
        Recommendation.Entry all = names.stream().reduce(Recommendation.Entry::joined).orElseThrow();
        int in = (int) builds.stream().filter(build -> names.stream().anyMatch(name -> build.containsKey(name.endpoint()))).count();
        return new Recommendation.Entry(pattern, all.count(), in, all.firstSeen(), all.lastSeen(), null,
                names.stream().map(name -> name.endpoint().value()).sorted().toList());
    }
}
