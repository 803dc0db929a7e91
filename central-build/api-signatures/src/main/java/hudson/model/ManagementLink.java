package hudson.model;

import hudson.security.Permission;
import jenkins.management.Badge;

public abstract class ManagementLink implements Action {
    public ManagementLink() {}

    public String getDescription() {
        throw new AssertionError();
    }

    public Permission getRequiredPermission() {
        throw new AssertionError();
    }

    public Category getCategory() {
        throw new AssertionError();
    }

    public Badge getBadge() {
        throw new AssertionError();
    }

    public enum Category {
        SECURITY
    }
}
