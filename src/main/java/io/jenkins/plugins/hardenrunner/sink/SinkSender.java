package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkQueue;

/** Speaks a receiver's protocol. Used by one thread at a time. */
interface SinkSender extends SinkQueue.Sender, AutoCloseable {
    /** Hands a delivery over, once, within a bounded time. It does not throw because of the receiver. */
    @NonNull
    @Override
    SendResult send(@NonNull Delivery delivery) throws InterruptedException;

    @Override
    void close();
}
