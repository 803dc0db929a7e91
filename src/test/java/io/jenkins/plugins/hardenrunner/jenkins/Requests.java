package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.model.Computer;
import hudson.remoting.Channel;
import hudson.remoting.Command;
import hudson.remoting.Request;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts the requests that a controller sends to an agent. Each is a round trip, and some thread waits for it. */
final class Requests extends Channel.Listener implements AutoCloseable {
    private static final String OURS = "io.jenkins.plugins.hardenrunner.";
    /** What these send is the command's own launch, which there would be without us. */
    private static final Set<String> PASSING =
            Set.of(OURS + "launch.HardenedLauncher", OURS + "launch.InnerLaunch", OURS + "launch.ContainerProbe");

    private final Channel channel;
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicInteger ours = new AtomicInteger();
    private final AtomicInteger preparing = new AtomicInteger();
    private final AtomicInteger background = new AtomicInteger();

    Requests(Computer computer) {
        channel = (Channel) computer.getChannel();
        channel.addListener(this);
    }

    @Override
    public void onWrite(Channel to, Command command, long bytes) {
        if (!(command instanceof Request<?, ?>)) {
            return;
        }
        all.incrementAndGet();
        if (Thread.currentThread().getName().startsWith("Harden Runner")) {
            background.incrementAndGet();
            return;
        }
        Set<String> senders = StackWalker.getInstance().walk(Requests::senders);
        if (!senders.isEmpty()) {
            ours.incrementAndGet();
        }
        if (senders.contains(OURS + "launch.Supervision")) {
            preparing.incrementAndGet();
        }
    }

    /** Our classes that have a part in a request. */
    private static Set<String> senders(Stream<StackWalker.StackFrame> frames) {
        return frames.map(frame -> frame.getClassName().replaceAll("\\$.*", ""))
                .filter(name -> name.startsWith(OURS) && !name.startsWith(OURS + "jenkins.") && !PASSING.contains(name))
                .collect(Collectors.toSet());
    }

    /** All requests, whoever sent them. */
    int all() {
        return all.get();
    }

    /** Those of the plugin that a step or a block waited for. */
    int ours() {
        return ours.get();
    }

    /** Those of them that prepare: an agent for a block, and each command. */
    int preparing() {
        return preparing.get();
    }

    /** Those that the plugin's own threads sent; nobody waited for them. */
    int background() {
        return background.get();
    }

    @Override
    public void close() {
        channel.removeListener(this);
    }
}
