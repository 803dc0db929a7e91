package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.sink.SyslogFormat;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import javax.net.ssl.SSLSocketFactory;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** RFC 5424 messages. */
public final class SyslogSink extends Sink {
    /** "log audit" (RFC 5424, section 6.2.1). */
    static final int DEFAULT_FACILITY = 13;

    /** The number that RFC 5612 sets aside for examples; this project has none of its own. */
    static final int DEFAULT_ENTERPRISE = 32473;

    private static final int MOST_FACILITY = 23;

    private final String host;
    private String transport = SyslogTransport.TLS.token();
    private Integer port;
    private int facility = DEFAULT_FACILITY;
    private int enterpriseNumber = DEFAULT_ENTERPRISE;

    @DataBoundConstructor
    public SyslogSink(@CheckForNull String name, @CheckForNull String host) {
        super(name);
        this.host = host == null ? "" : host.trim();
    }

    @Override
    void check() {
        super.check();
        checkHost(host);
        SyslogTransport.parse(transport);
        between("port", effectivePort(), 1, 65_535);
        between("facility", facility, 0, MOST_FACILITY);
        between("enterpriseNumber", enterpriseNumber, 1, Integer.MAX_VALUE);
    }

    private static void checkHost(String host) {
        if (!host.matches("[A-Za-z0-9]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9])?|[0-9a-fA-F:.]{2,45}")) {
            throw new PolicyException("'" + host + "' is neither a host name nor an address");
        }
    }

    private int effectivePort() {
        return port == null ? SyslogTransport.parse(transport).port : port;
    }

    @NonNull
    @Override
    SinkSender sender() {
        SyslogTransport travel = SyslogTransport.parse(transport);
        SyslogFormat format = new SyslogFormat(hostname(), facility, enterpriseNumber,
                travel == SyslogTransport.UDP ? SyslogFormat.DATAGRAM_BYTES : SyslogFormat.STREAM_BYTES);
        return new SyslogSender(travel, host, effectivePort(), format, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** The name under which people know this Jenkins; empty if it has none. */
    private static String hostname() {
        try {
            return Objects.requireNonNullElse(new URI(SinkWorker.instance()).getHost(), "");
        } catch (URISyntaxException e) {
            return "";
        }
    }

    @NonNull
    public String getHost() {
        return host;
    }

    @NonNull
    public String getTransport() {
        return transport;
    }

    /** {@code tls}, {@code tcp} or {@code udp}. */
    @DataBoundSetter
    public void setTransport(@CheckForNull String transport) {
        this.transport = SyslogTransport.parse(transport).token();
    }

    @CheckForNull
    public Integer getPort() {
        return port;
    }

    /** Null for the transport's own: 6514, 601, 514. */
    @DataBoundSetter
    public void setPort(@CheckForNull Integer port) {
        this.port = port;
    }

    public int getFacility() {
        return facility;
    }

    /** 0 to 23. */
    @DataBoundSetter
    public void setFacility(int facility) {
        this.facility = facility;
    }

    public int getEnterpriseNumber() {
        return enterpriseNumber;
    }

    /** The private enterprise number behind the name of the structured data. */
    @DataBoundSetter
    public void setEnterpriseNumber(int enterpriseNumber) {
        this.enterpriseNumber = enterpriseNumber;
    }

    /** The form. */
    @Extension
    @Symbol("syslog")
    public static final class DescriptorImpl extends SinkDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SyslogSink_displayName();
        }

        @POST
        public FormValidation doCheckHost(@QueryParameter String value) {
            checkPermission();
            return PolicyForms.checked(value, SyslogSink::checkHost, Messages.SyslogSink_hostMissing());
        }

        @POST
        public FormValidation doCheckTransport(@QueryParameter String value) {
            checkPermission();
            return SyslogTransport.TLS.token().equals(value) ? FormValidation.ok() : FormValidation.warning(Messages.SyslogSink_clearText());
        }

        @POST
        public FormValidation doCheckPort(@QueryParameter String value) {
            checkPermission();
            return PolicyForms.number(value, 1, 65_535);
        }

        @POST
        public FormValidation doCheckFacility(@QueryParameter String value) {
            checkPermission();
            return PolicyForms.number(value, 0, MOST_FACILITY);
        }

        @POST
        public FormValidation doCheckEnterpriseNumber(@QueryParameter String value) {
            checkPermission();
            return PolicyForms.number(value, 1, Integer.MAX_VALUE);
        }

        @POST
        public ListBoxModel doFillTransportItems() {
            checkPermission();
            return PolicyForms.required(SyslogTransport.values());
        }

        @POST
        public FormValidation doTest(@QueryParameter String name, @QueryParameter String host, @QueryParameter String transport,
                @QueryParameter String port, @QueryParameter String facility, @QueryParameter String enterpriseNumber) {
            checkPermission();
            try {
                SyslogSink sink = new SyslogSink(name, host);
                sink.setTransport(transport);
                sink.setPort(PolicyForms.blankToNull(port) == null ? null : Integer.valueOf(port.trim()));
                sink.setFacility(Integer.parseInt(facility.trim()));
                sink.setEnterpriseNumber(Integer.parseInt(enterpriseNumber.trim()));
                return test(sink);
            } catch (NumberFormatException e) {
                return FormValidation.error(Messages.SyslogSink_notANumber());
            } catch (PolicyException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
