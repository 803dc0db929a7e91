package io.jenkins.plugins.hardenrunner.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do. */
final class Waiting {
    private Waiting() {}

    /** Returns as soon as the condition holds; fails after 30 s. */
    static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the condition did not come true within 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
