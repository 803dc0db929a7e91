package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds what a folder says about policy; there is none where the plugin of folders is not installed. */
@Restricted(NoExternalUse.class)
public interface FolderPlace extends ExtensionPoint {
    /** What the group says; null if it is no folder or says nothing. */
    @CheckForNull
    PolicyScope of(@NonNull ItemGroup<?> group);
}
