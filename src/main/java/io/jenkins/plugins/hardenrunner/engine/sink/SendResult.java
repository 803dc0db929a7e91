package io.jenkins.plugins.hardenrunner.engine.sink;

import java.time.Duration;

/** What became of an attempt. */
public sealed interface SendResult {
    /** The receiver has it. @param detail for people, such as the status; may be empty */
    record Delivered(String detail) implements SendResult {}

    /** Another attempt can succeed. @param delay that the receiver asks for; null if it does not */
    record Failed(String reason, Duration delay) implements SendResult {}

    /** The receiver does not want it, now or later. */
    record Rejected(String reason) implements SendResult {}
}
