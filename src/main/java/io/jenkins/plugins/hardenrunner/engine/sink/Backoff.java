package io.jenkins.plugins.hardenrunner.engine.sink;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: exponential, with jitter, so that many controllers do not come back at once. */
public final class Backoff {
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long LONGEST_WISH_MILLIS = Duration.ofHours(1).toMillis();

    private Backoff() {}

    /**
     * The wait after an attempt that failed: between half and all of 1 s, 2 s, 4 s … 5 min.
     *
     * @param failures in a row, from 1
     * @param wished by the receiver (Retry-After), at the least; more than an hour counts as an hour; null if it has no wish
     */
    public static Duration after(int failures, Duration wished, RandomGenerator random) {
        long full = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 20));
        long millis = full / 2 + random.nextLong(full / 2 + 1);
        return Duration.ofMillis(wished == null ? millis : Math.max(millis, Math.min(LONGEST_WISH_MILLIS, wished.toMillis())));
    }
}
