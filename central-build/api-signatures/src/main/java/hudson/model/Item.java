package hudson.model;

import hudson.security.AccessControlled;
import hudson.security.Permission;

public interface Item extends AccessControlled, Saveable, ModelObject {
    Permission READ = null;
    Permission CONFIGURE = null;

    ItemGroup<? extends Item> getParent();

    String getFullName();

    String getFullDisplayName();

    String getUrl();
}
