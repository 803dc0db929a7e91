package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The builds of a job in a few numbers each, so that nobody has to load a build to draw them. Immutable.
 *
 * @param points by build number, the newest {@value Limits#TREND}
 */
public record Trend(List<TrendPoint> points) {
    /** The trend of a job without builds. */
    public static final Trend EMPTY = new Trend(List.of());

    @JsonCreator
    public Trend(@JsonProperty("points") List<TrendPoint> points) {
        List<TrendPoint> sorted = new ArrayList<>(points == null ? List.of() : points);
        sorted.sort(Comparator.comparingInt(TrendPoint::n));
        this.points = List.copyOf(sorted.subList(Math.max(0, sorted.size() - Limits.TREND), sorted.size()));
    }

    /** With a build, in place of what was known about its number. */
    public Trend with(TrendPoint point) {
        List<TrendPoint> all = new ArrayList<>(without(point.n()).points);
        all.add(point);
        return new Trend(all);
    }

    /** Without a build that was deleted. */
    public Trend without(int number) {
        return new Trend(points.stream().filter(point -> point.n() != number).toList());
    }

    /** The newest build; null if there is none. */
    public TrendPoint last() {
        return points.isEmpty() ? null : points.get(points.size() - 1);
    }
}
