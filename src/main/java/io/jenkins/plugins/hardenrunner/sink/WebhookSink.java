package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.sink.WebhookSignature;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Signed POST requests. */
public final class WebhookSink extends Sink {
    private final String url;
    private String signingSecretId;
    private String tokenId;

    @DataBoundConstructor
    public WebhookSink(@CheckForNull String name, @CheckForNull String url) {
        super(name);
        this.url = url == null ? "" : url.trim();
    }

    @Override
    void check() {
        super.check();
        SinkUrl.parse(url);
    }

    @NonNull
    @Override
    SinkSender sender() {
        String secret = SinkSecrets.text(signingSecretId);
        return new WebhookSender(SinkHttp.ofJenkins(), SinkUrl.parse(url),
                secret == null ? null : new WebhookSignature(secret), SinkSecrets.authorization(null, tokenId));
    }

    @NonNull
    public String getUrl() {
        return url;
    }

    @CheckForNull
    public String getSigningSecretId() {
        return signingSecretId;
    }

    /** Credentials with the key of the signature; without one receivers cannot tell our messages from others. */
    @DataBoundSetter
    public void setSigningSecretId(@CheckForNull String signingSecretId) {
        this.signingSecretId = PolicyForms.blankToNull(signingSecretId);
    }

    @CheckForNull
    public String getTokenId() {
        return tokenId;
    }

    /** Credentials that are sent as {@code Authorization: Bearer}. */
    @DataBoundSetter
    public void setTokenId(@CheckForNull String tokenId) {
        this.tokenId = PolicyForms.blankToNull(tokenId);
    }

    /** The form. */
    @Extension
    @Symbol("webhook")
    public static final class DescriptorImpl extends SinkDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.WebhookSink_displayName();
        }

        @POST
        public FormValidation doCheckUrl(@QueryParameter String value) {
            checkPermission();
            return SinkUrl.check(value);
        }

        @POST
        public FormValidation doCheckSigningSecretId(@QueryParameter String value) {
            checkPermission();
            if (PolicyForms.blankToNull(value) == null) {
                return FormValidation.warning(Messages.WebhookSink_unsigned());
            }
            FormValidation there = SinkSecrets.check(value);
            if (there.kind != FormValidation.Kind.OK) {
                return there;
            }
            try {
                String secret = SinkSecrets.text(value);
                if (secret != null) {
                    new WebhookSignature(secret);
                }
                return there;
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        public FormValidation doCheckTokenId(@QueryParameter String value) {
            checkPermission();
            return SinkSecrets.check(value);
        }

        @POST
        public ListBoxModel doFillSigningSecretIdItems(@QueryParameter String signingSecretId) {
            return SinkSecrets.items(signingSecretId);
        }

        @POST
        public ListBoxModel doFillTokenIdItems(@QueryParameter String tokenId) {
            return SinkSecrets.items(tokenId);
        }

        @POST
        public FormValidation doTest(@QueryParameter String name, @QueryParameter String url, @QueryParameter String signingSecretId,
                @QueryParameter String tokenId) {
            checkPermission();
            WebhookSink sink = new WebhookSink(name, url);
            sink.setSigningSecretId(signingSecretId);
            sink.setTokenId(tokenId);
            return test(sink);
        }
    }
}
