package hudson.model;

import hudson.security.AccessControlled;

public abstract class Computer extends Actionable implements AccessControlled {
    private Computer() {}

    public boolean isOffline() {
        throw new AssertionError();
    }

    public final long getConnectTime() {
        throw new AssertionError();
    }
}
