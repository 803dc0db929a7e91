package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkDetail;
import io.jenkins.plugins.hardenrunner.engine.sink.TestMessage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The part of the forms that all sinks share. */
public abstract class SinkDescriptor extends Descriptor<Sink> {
    static void checkPermission() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
    }

    @POST
    public FormValidation doCheckName(@QueryParameter String value) {
        checkPermission();
        return PolicyForms.checked(value, Sink::checkName, Messages.Sink_nameMissing());
    }

    @POST
    public FormValidation doCheckSpoolMegabytes(@QueryParameter String value) {
        checkPermission();
        return PolicyForms.number(value, 1, Sink.MOST_MEGABYTES);
    }

    @POST
    public FormValidation doCheckRetryHours(@QueryParameter String value) {
        checkPermission();
        return PolicyForms.number(value, 1, Sink.MOST_HOURS);
    }

    @POST
    public ListBoxModel doFillDetailItems() {
        checkPermission();
        return PolicyForms.required(SinkDetail.values());
    }

    /** Sends one message of the kind {@code test}, now and once, with the settings of the form. */
    @NonNull
    static FormValidation test(@NonNull Sink sink) {
        try {
            sink.check();
            try (SinkSender sender = sink.sender()) {
                SendResult result = sender.send(new Delivery(
                        UUID.randomUUID().toString().replace("-", ""), Instant.now(),
                        List.of(TestMessage.of(SinkWorker.instance(), Jenkins.getAuthentication2().getName()))));
                return shown(result);
            }
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FormValidation.error(Messages.Sink_testInterrupted());
        }
    }

    private static FormValidation shown(SendResult result) {
        if (result instanceof SendResult.Delivered delivered) {
            return FormValidation.ok(Messages.Sink_testDelivered(delivered.detail()));
        }
        return FormValidation.error(Messages.Sink_testFailed(
                result instanceof SendResult.Failed failed ? failed.reason() : ((SendResult.Rejected) result).reason()));
    }
}
