package hudson.model;

import hudson.remoting.VirtualChannel;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.util.concurrent.ExecutorService;

public abstract class Computer extends Actionable implements AccessControlled {
    private Computer() {}

    public static final Permission EXTENDED_READ = null;
    public static final Permission CONFIGURE = null;
    public static final ExecutorService threadPoolForRemoting = null;

    public String getName() {
        throw new AssertionError();
    }

    public Node getNode() {
        throw new AssertionError();
    }

    public abstract VirtualChannel getChannel();
}
