package hudson.slaves;

import hudson.FilePath;

public final class WorkspaceList {
    public static FilePath tempDir(FilePath a) {
        throw new AssertionError();
    }
}
