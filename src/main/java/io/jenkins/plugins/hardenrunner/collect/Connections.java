package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Since when agents have been connected. Jenkins itself knows only when it last set out to connect an agent
 * ({@code Computer.getConnectTime()}), which is never for an inbound one that connected by itself.
 */
@Extension
public final class Connections extends ComputerListener {
    private final Map<Computer, Long> since = Collections.synchronizedMap(new WeakHashMap<>());
    private final long start = System.currentTimeMillis();

    @NonNull
    static Connections get() {
        return ExtensionList.lookupSingleton(Connections.class);
    }

    /** Called for each new connection, and not when an agent that was only marked offline may take builds again. */
    @Override
    public void onOnline(@NonNull Computer computer, @NonNull TaskListener listener) {
        since.put(computer, System.currentTimeMillis());
    }

    /** In milliseconds since 1970. Of what was connected before this plugin was there, the start of this plugin. */
    long since(@NonNull Computer computer) {
        return since.getOrDefault(computer, start);
    }
}
