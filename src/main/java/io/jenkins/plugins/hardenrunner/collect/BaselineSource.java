package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.security.ACLContext;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;

/**
 * Which job's baseline a job's builds are compared with.
 *
 * @param job the job itself, or that of the branch into which a change request would go; null if that one is not there
 * @param changeRequest whether the builds are of somebody's proposal: these read a baseline and never write one, or a
 *     proposal could make its own destination look normal
 * @param name the full name, also where the job is not there
 */
public record BaselineSource(@CheckForNull Job<?, ?> job, boolean changeRequest, @NonNull String name) {
    @NonNull
    public static BaselineSource of(@NonNull Job<?, ?> job) {
        SCMHead head = SCMHead.HeadByItem.findHead(job);
        if (!(head instanceof ChangeRequestSCMHead change)) {
            return new BaselineSource(job, false, job.getFullName());
        }
        String target = change.getTarget().getName();
        Item proposal = job; // whose parent has a type, which that of a job has not
        ItemGroup<? extends Item> parent = proposal.getParent();
        Job<?, ?> found = null;
        // A build need not see the jobs beside its own. What it gets from there is what is normal, nothing else.
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            for (Item item : parent.getItems()) {
                SCMHead other = item instanceof Job ? SCMHead.HeadByItem.findHead(item) : null;
                if (other != null && !(other instanceof ChangeRequestSCMHead) && other.getName().equals(target)) {
                    found = (Job<?, ?>) item;
                    break;
                }
            }
        }
        String folder = parent.getFullName();
        String name = found != null ? found.getFullName() : (folder.isEmpty() ? "" : folder + "/") + target;
        return new BaselineSource(found, true, name);
    }
}
