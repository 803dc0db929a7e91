package hudson.model;

import hudson.security.AccessControlled;
import java.io.File;

public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable implements Item, AccessControlled, ModelObject {
    Job() {}

    public File getRootDir() {
        throw new AssertionError();
    }

    public File getBuildDir() {
        throw new AssertionError();
    }

    public String getFullName() {
        throw new AssertionError();
    }
}
