package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyStack;
import java.util.ArrayList;
import java.util.List;

/** The places around a job, from the inside out: its folders, then the global configuration. */
public final class PolicyPlaces {
    private PolicyPlaces() {}

    /**
     * The chain of places.
     *
     * @param item a job, or a folder, which is then the innermost place; null for the global configuration alone
     * @throws PolicyException if a place says something that cannot be used
     */
    @NonNull
    public static PolicyStack stack(@CheckForNull Item item) {
        List<PolicyScope> places = folders(item);
        places.add(HardenRunnerConfiguration.get().scope());
        return new PolicyStack(places);
    }

    /** The names of the policies that a block there can use; of what is broken there are none. */
    @NonNull
    static List<String> names(@CheckForNull Item item) {
        try {
            return stack(item).names();
        } catch (PolicyException e) {
            return new PolicyStack(List.of()).names();
        }
    }

    private static List<PolicyScope> folders(Item item) {
        List<PolicyScope> places = new ArrayList<>();
        ItemGroup<?> group = item instanceof ItemGroup<?> folder ? folder : item == null ? null : item.getParent();
        while (group != null) {
            for (FolderPlace finder : ExtensionList.lookup(FolderPlace.class)) {
                PolicyScope place = finder.of(group);
                if (place != null) {
                    places.add(place);
                }
            }
            group = group instanceof Item inner ? inner.getParent() : null;
        }
        return places;
    }

    /**
     * The layers for a block, nearest first.
     *
     * @param own the layers of the step and of its baseline
     * @param policyName the policy that the step names; null if it names none
     * @throws PolicyException if a policy is not defined, or a place says something that cannot be used
     */
    @NonNull
    public static List<PolicyLayer> layers(@CheckForNull Item item, @NonNull List<PolicyLayer> own, @CheckForNull String policyName) {
        List<PolicyLayer> layers = stack(item).layers(own, policyName);
        int outermost = folders(item).size() + 1;
        BlockListFeeds.layers().forEach(feed -> layers.add(feed.at(feed.origin(), outermost, false)));
        return layers;
    }
}
