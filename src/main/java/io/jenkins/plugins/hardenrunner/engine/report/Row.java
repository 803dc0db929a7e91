package io.jenkins.plugins.hardenrunner.engine.report;

import java.util.LinkedHashSet;
import java.util.Set;

/** Equal events, counted. */
final class Row<K> {
    /** Beyond this many images a row says nothing new, and a hostile build must not fill the memory. */
    private static final int MAX_IMAGES = 20;

    final K key;
    final Set<ImageRef> images = new LinkedHashSet<>();
    long count;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;

    Row(K key) {
        this.key = key;
    }

    void add(ImageRef image, long time) {
        add(image, time, 1);
    }

    /** @param times how often it happened since the event before, until now */
    void add(ImageRef image, long time, long times) {
        count += times;
        first = Math.min(first, time);
        last = Math.max(last, time);
        if (images.size() < MAX_IMAGES) {
            images.add(image);
        }
    }
}
