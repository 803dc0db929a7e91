package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.util.Locale;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Log records to an OpenTelemetry collector. */
public final class OpenTelemetrySink extends Sink {
    /** Set by the transport. */
    private static final Set<String> TAKEN = Set.of("content-type", "content-encoding", "content-length", "host", "connection", "expect",
            "upgrade", "transfer-encoding", "user-agent");

    private final String endpoint;
    private String header;
    private String tokenId;

    /** @param endpoint with its path, such as {@code https://collector.example.com:4318/v1/logs} */
    @DataBoundConstructor
    public OpenTelemetrySink(@CheckForNull String name, @CheckForNull String endpoint) {
        super(name);
        this.endpoint = endpoint == null ? "" : endpoint.trim();
    }

    @Override
    void check() {
        super.check();
        SinkUrl.parse(endpoint);
        checkHeader(header);
    }

    private static void checkHeader(String header) {
        if (header != null && (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}") || TAKEN.contains(header.toLowerCase(Locale.ROOT)))) {
            throw new PolicyException("'" + header + "' is not the name of a header that can be set");
        }
    }

    @NonNull
    @Override
    SinkSender sender() {
        return new OtlpSender(SinkHttp.ofJenkins(), SinkUrl.parse(endpoint), SinkSecrets.authorization(header, tokenId), SinkWorker.version());
    }

    @NonNull
    public String getEndpoint() {
        return endpoint;
    }

    @CheckForNull
    public String getHeader() {
        return header;
    }

    /** The header with the token as it is, such as {@code api-key}; without one {@code Authorization: Bearer} is sent. */
    @DataBoundSetter
    public void setHeader(@CheckForNull String header) {
        this.header = PolicyForms.blankToNull(header);
    }

    @CheckForNull
    public String getTokenId() {
        return tokenId;
    }

    /** Credentials with the token. */
    @DataBoundSetter
    public void setTokenId(@CheckForNull String tokenId) {
        this.tokenId = PolicyForms.blankToNull(tokenId);
    }

    /** The form. */
    @Extension
    @Symbol("openTelemetry")
    public static final class DescriptorImpl extends SinkDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OpenTelemetrySink_displayName();
        }

        @POST
        public FormValidation doCheckEndpoint(@QueryParameter String value) {
            checkPermission();
            return SinkUrl.check(value);
        }

        @POST
        public FormValidation doCheckHeader(@QueryParameter String value) {
            checkPermission();
            return PolicyForms.check(value, OpenTelemetrySink::checkHeader);
        }

        @POST
        public FormValidation doCheckTokenId(@QueryParameter String value) {
            checkPermission();
            return SinkSecrets.check(value);
        }

        @POST
        public ListBoxModel doFillTokenIdItems(@QueryParameter String tokenId) {
            return SinkSecrets.items(tokenId);
        }

        @POST
        public FormValidation doTest(@QueryParameter String name, @QueryParameter String endpoint, @QueryParameter String header,
                @QueryParameter String tokenId) {
            checkPermission();
            OpenTelemetrySink sink = new OpenTelemetrySink(name, endpoint);
            sink.setHeader(header);
            sink.setTokenId(tokenId);
            return test(sink);
        }
    }
}
