package hudson.model;

import hudson.FilePath;
import hudson.security.AccessControlled;

public abstract class Node implements AccessControlled, Describable<Node>, Saveable, ModelObject {
    public abstract String getNodeName();

    public abstract FilePath getRootPath();

    public FilePath createPath(String a) {
        throw new AssertionError();
    }
}
