package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.net.URI;
import java.net.URISyntaxException;

/** Where a sink sends to over HTTP. */
final class SinkUrl {
    private SinkUrl() {}

    /** @throws PolicyException saying what is wrong */
    @NonNull
    static URI parse(@NonNull String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new PolicyException("URL, character " + (e.getIndex() + 1) + ": " + e.getReason(), e);
        }
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw new PolicyException("the URL must begin with https:// or http://, and have a host, but neither user information nor a fragment");
        }
        return uri;
    }

    @NonNull
    static FormValidation check(@CheckForNull String text) {
        FormValidation syntax = PolicyForms.checked(text, SinkUrl::parse, Messages.Sink_urlMissing());
        return syntax.kind == FormValidation.Kind.OK && "http".equalsIgnoreCase(parse(text.trim()).getScheme())
                ? FormValidation.warning(Messages.Sink_clearText()) : syntax;
    }
}
