package io.jenkins.plugins.hardenrunner.config.folder;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.ItemGroup;
import io.jenkins.plugins.hardenrunner.config.FolderPlace;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import org.jenkinsci.plugins.variant.OptionalExtension;

/** Finds the policy of a folder in its properties. */
@OptionalExtension(requirePlugins = "cloudbees-folder")
public final class FolderPlaces implements FolderPlace {
    @Override
    public PolicyScope of(ItemGroup<?> group) {
        if (!(group instanceof AbstractFolder<?> folder)) {
            return null;
        }
        FolderPolicy policy = folder.getProperties().get(FolderPolicy.class);
        return policy == null ? null : policy.scope(folder.getFullName());
    }
}
