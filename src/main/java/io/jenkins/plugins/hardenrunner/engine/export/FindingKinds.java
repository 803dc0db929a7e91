package io.jenkins.plugins.hardenrunner.engine.export;

import java.util.Map;

/** What each kind of finding means, in one sentence. */
final class FindingKinds {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("egress-blocked", "The policy refused a network destination."),
            Map.entry("egress-would-block", "A network destination is not allowed by the policy; audit let it through."),
            Map.entry("lifecycle-script-egress", "An install script of a dependency contacted the network."),
            Map.entry("source-tampered", "A file under version control was changed by the build."),
            Map.entry("unattributed-change", "A file under version control was changed, and no recorded process explains it."),
            Map.entry("source-restored", "A file under version control was changed, and was as before at the end."),
            Map.entry("build-definition-changed", "A build definition outside of version control was changed."),
            Map.entry("git-tampered", "Hooks, settings, refs or the index of a git repository were changed."),
            Map.entry("package-tampered", "An install script of a dependency changed files of another package."),
            Map.entry("output-tampered", "An install script of a dependency changed what the build has made."),
            Map.entry("install-script-confined", "A write of an install script beyond its own package was refused."),
            Map.entry("install-script-would-confine", "An install script wrote beyond its own package; audit let it through."),
            Map.entry("write-refused", "A write outside of the writable folders was refused."),
            Map.entry("dns-tunnelling", "DNS queries look like data being sent out."),
            Map.entry("metadata-access", "A process tried to reach a cloud metadata service."),
            Map.entry("credential-access", "A process read a credential store."),
            Map.entry("syscall-refused", "A system call that supervision cannot allow was refused."),
            Map.entry("evidence-tampered", "The recorded events were altered."),
            Map.entry("evidence-missing", "Recorded events are missing."),
            Map.entry("not-supervised", "A command ran without supervision."),
            Map.entry("degraded", "A protection was not available."),
            Map.entry("truncated", "More happened than was recorded."),
            Map.entry("baseline-deviation", "The build did something that this job did not do before."));

    private FindingKinds() {}

    static String describe(String kind) {
        return TEXTS.getOrDefault(kind, "Finding '" + kind + "'.");
    }
}
