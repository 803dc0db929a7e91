package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.Decision;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.Target;
import io.jenkins.plugins.hardenrunner.engine.policy.TraceEntry;
import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import java.util.List;
import jenkins.model.Jenkins;

/** What a block of a job that asks for nothing itself could reach. */
final class TryIt {
    private TryIt() {}

    /** The verdict and the trace, or what is wrong with the question. */
    @NonNull
    static FormValidation answer(@CheckForNull String endpoint, @CheckForNull String job, @CheckForNull String policyName) {
        String text = PolicyForms.blankToNull(endpoint);
        if (text == null) {
            return FormValidation.error(Messages.TryIt_endpointMissing());
        }
        String jobName = PolicyForms.blankToNull(job);
        Item item = jobName == null ? null : Jenkins.get().getItemByFullName(jobName);
        if (jobName != null && item == null) {
            return FormValidation.error(Messages.TryIt_noSuchJob(jobName));
        }
        try {
            Target target = Target.parse(text);
            PolicyLayer step = PolicyLayer.builder(Origin.STEP).build();
            EffectivePolicy policy = EffectivePolicy.resolve(
                    PolicyPlaces.layers(item, List.of(step), PolicyForms.blankToNull(policyName)));
            return verdict(policy, target);
        } catch (PolicyException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    private static FormValidation verdict(EffectivePolicy policy, Target target) {
        Decision decision = policy.decide(target);
        Explanation explanation = Explanation.of(policy, target, decision, Explanation.Context.JENKINS);
        StringBuilder markup = new StringBuilder("<strong>").append(Util.escape(target.toString())).append(": ")
                .append(decision.verdict().token()).append("</strong><br>").append(Util.escape(explanation.why()));
        if (!explanation.risk().isEmpty()) {
            markup.append("<br>").append(Util.escape(explanation.risk()));
        }
        if (!explanation.remedy().isEmpty()) {
            markup.append("<br>").append(Util.escape(explanation.remedy()));
        }
        markup.append("<ul>");
        for (TraceEntry entry : policy.trace()) {
            markup.append("<li>").append(Util.escape(entry.setting() + ": " + entry.value() + " (" + entry.origin().label() + ")"));
            entry.overruled().forEach(loser -> markup.append(Util.escape(
                    ", overrules " + loser.value() + " (" + loser.origin().label() + ")")));
            markup.append("</li>");
        }
        markup.append("</ul>");
        return decision.allowed() ? FormValidation.okWithMarkup(markup.toString()) : FormValidation.warningWithMarkup(markup.toString());
    }
}
