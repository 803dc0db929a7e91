package hudson.model;

import hudson.security.AccessControlled;

public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable implements Item, AccessControlled, ModelObject {
    Job() {}
}
