package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A block list that is kept elsewhere: behind a URL, or in a file of the controller. */
public final class BlockListFeed implements Describable<BlockListFeed> {
    /** Minutes between two looks at a feed that says nothing else. */
    public static final int DEFAULT_MINUTES = 60;

    private static final int LEAST_MINUTES = 5;
    private static final int MOST_MINUTES = 7 * 24 * 60;

    private final String name;
    private final String location;
    private String sha256;
    private int minutes = DEFAULT_MINUTES;

    /**
     * @param name under which its entries stand in explanations
     * @param location {@code https://…}, {@code http://…}, or an absolute path
     */
    @DataBoundConstructor
    public BlockListFeed(@CheckForNull String name, @CheckForNull String location) {
        this.name = name == null ? "" : name.trim();
        this.location = location == null ? "" : location.trim();
    }

    /** @throws PolicyException if one of them cannot be used, or two have the same name */
    static void check(@NonNull List<BlockListFeed> feeds) {
        Set<String> names = new HashSet<>();
        for (BlockListFeed feed : feeds) {
            NamedPolicy.checkName(feed.name);
            if (!names.add(feed.name)) {
                throw new PolicyException("the block-list feed '" + feed.name + "' is defined twice");
            }
            try {
                checkLocation(feed.location);
                PolicyForms.parsed(feed.sha256, BlockListFeed::checkDigest);
                PolicyForms.between("minutes", feed.minutes, LEAST_MINUTES, MOST_MINUTES);
            } catch (PolicyException e) {
                throw new PolicyException("block-list feed '" + feed.name + "': " + e.getMessage(), e);
            }
        }
    }

    private static void checkLocation(String text) {
        if (text.startsWith("/")) {
            return;
        }
        try {
            URI uri = new URI(text);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw new PolicyException("'" + text + "', character " + (e.getIndex() + 1) + ": " + e.getReason(), e);
        }
        throw new PolicyException("'" + text + "' is neither an http(s) URL without user information nor an absolute path");
    }

    private static void checkDigest(String text) {
        if (!text.matches("[0-9a-fA-F]{64}")) {
            throw new PolicyException("a SHA-256 digest has 64 hexadecimal digits");
        }
    }

    @NonNull
    public String getName() {
        return name;
    }

    @NonNull
    public String getLocation() {
        return location;
    }

    @CheckForNull
    public String getSha256() {
        return sha256;
    }

    /** The digest that the content must have; without one whoever controls the location decides what is blocked. */
    @DataBoundSetter
    public void setSha256(@CheckForNull String sha256) {
        String digest = PolicyForms.blankToNull(sha256);
        this.sha256 = digest == null ? null : digest.toLowerCase(Locale.ROOT);
    }

    public int getMinutes() {
        return minutes;
    }

    /** Minutes between two looks, 5 to 10080. */
    @DataBoundSetter
    public void setMinutes(int minutes) {
        this.minutes = minutes;
    }

    /** The form of a feed. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<BlockListFeed> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.BlockListFeed_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return PolicyForms.checked(value, NamedPolicy::checkName, Messages.BlockListFeed_nameMissing());
        }

        /** Says what is wrong with the location, else how the last look at the stored feed of this name went. */
        @POST
        public FormValidation doCheckLocation(@QueryParameter String value, @QueryParameter String name) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            FormValidation syntax = PolicyForms.checked(value, BlockListFeed::checkLocation, Messages.BlockListFeed_locationMissing());
            return syntax.kind == FormValidation.Kind.OK ? BlockListFeeds.status(name, value) : syntax;
        }

        @POST
        public FormValidation doCheckSha256(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return PolicyForms.check(value, BlockListFeed::checkDigest);
        }

        @POST
        public FormValidation doCheckMinutes(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return PolicyForms.number(value, LEAST_MINUTES, MOST_MINUTES);
        }
    }
}
