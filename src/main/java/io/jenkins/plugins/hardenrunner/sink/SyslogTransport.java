package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.Locale;

/** How syslog messages travel. */
enum SyslogTransport implements Token {
    TLS(6514),
    TCP(601),
    UDP(514);

    /** Where receivers listen by convention. */
    final int port;

    SyslogTransport(int port) {
        this.port = port;
    }

    @Override
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws PolicyException naming the allowed values if the text is none of them */
    @NonNull
    static SyslogTransport parse(@CheckForNull String text) {
        for (SyslogTransport transport : values()) {
            if (text != null && transport.token().equals(text.trim().toLowerCase(Locale.ROOT))) {
                return transport;
            }
        }
        throw new PolicyException("the transport is one of tls, tcp, udp");
    }
}
