package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.report.BaselineView;

/** Says in words what a deviation is and what can be done about it. */
final class Explain {
    private Explain() {}

    static void fill(BaselineView.Deviation deviation, ReportBaseline.Reference reference, BaselineState state) {
        String label = Text.shown(deviation.label, 300);
        boolean file = deviation.path != null;
        String who = deviation.programs.isEmpty() ? "" : " by " + Text.shown(String.join(", ", deviation.programs), 200);
        String verb = file ? " was changed" : deviation.protocol.equals("dns") ? " was asked for" : " was contacted";
        deviation.message = deviation.program != null
                ? "Not in the baseline: " + label + " (the " + (file ? "file" : "endpoint") + " is known, not with this program)"
                : "Not in the baseline: " + label + verb + who;
        String whose = "The baseline of block '" + Text.shown(reference.block()) + "'"
                + (reference.job().isEmpty() ? "" : " of " + Text.shown(reference.job()));
        String age = deviation.builds > 1 ? " It was seen in " + deviation.builds + " builds, first at " + deviation.firstSeen + "." : "";
        if (deviation.expired != null) {
            deviation.explanation = whose + " had it, accepted by " + Text.shown(deviation.expired.by) + " until "
                    + deviation.expired.until + "." + age;
        } else if (state == BaselineState.CREATING) {
            deviation.explanation = whose + " is still being created (" + reference.baseline().builds() + " of "
                    + reference.settings().required() + " builds), but what is refused, or what a severe finding concerns,"
                    + " is never learned without a person." + age;
        } else {
            deviation.explanation = whose + " is complete and does not have it." + age;
        }
    }

    static String remedy(BaselineView.Deviation deviation, ReportBaseline.Reference reference) {
        if (reference.job().isEmpty()) {
            return "Compare with a newer baseline if this is meant.";
        }
        String where = " on the Harden Runner page of " + Text.shown(reference.job());
        return "Accept it" + where + " if it is meant"
                + (deviation.actions.contains("unwanted") ? ", or mark it there as unwanted, which blocks it for the job." : ".");
    }
}
