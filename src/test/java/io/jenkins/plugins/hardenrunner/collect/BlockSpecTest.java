package io.jenkins.plugins.hardenrunner.collect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.OnUnsupported;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockSpecTest {
    @TempDir
    Path folder;

    private static BlockSpec spec(String step, String minimum) {
        BlockSpec spec = new BlockSpec();
        spec.id = "0123456789abcdef";
        LayerSpec first = new LayerSpec(Origin.STEP);
        first.egressPolicy = step;
        first.allowed = "packages.example.com:443\n192.0.2.0/24:80";
        first.blocked = "bad.example.com # incident";
        first.dnsUpstream = "127.0.0.1:5353";
        first.protectedPaths = "*.gradle";
        LayerSpec second = new LayerSpec(new Origin(Origin.Kind.GLOBAL, "minimum"));
        second.egressPolicy = minimum;
        second.floor = true;
        spec.layers.add(first);
        spec.layers.add(second);
        return spec;
    }

    @Test
    void stepCannotGoBelowTheMinimum() {
        assertThat(spec("audit", "block").policy().egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(spec("block", "audit").policy().egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(spec("audit", "audit").policy().egressPolicy(), is(EgressPolicy.AUDIT));
    }

    @Test
    void blockFailsClosedAndAuditWarnsUnlessTold() {
        assertThat(spec("block", "audit").policy().onUnsupported(), is(OnUnsupported.FAIL));
        assertThat(spec("block", "audit").policy().onViolation(), is(OnViolation.FAIL));
        assertThat(spec("audit", "audit").policy().onUnsupported(), is(OnUnsupported.WARN));
        assertThat(spec("audit", "audit").policy().onViolation(), is(OnViolation.WARN));
        BlockSpec told = spec("block", "audit");
        told.layers.get(0).onUnsupported = "warn";
        assertThat(told.failsWhenUnsupported(), is(false));
    }

    @Test
    void savedSpecGivesTheSamePolicy() throws Exception {
        BlockSpec spec = spec("block", "audit");
        spec.redaction = new Redaction(List.of("ONLY_*"), List.of("corp_[a-z]{9}"), List.of("--pin"));
        spec.write(folder.resolve("block.json"));
        EffectivePolicy read = BlockSpec.read(folder.resolve("block.json")).policy();
        assertThat(PolicyFile.render(read, LaunchOptions.NONE), is(PolicyFile.render(spec.policy(), LaunchOptions.NONE)));
        assertThat(read.filePolicy(), is(FilePolicy.AUDIT));
        assertThat(BlockSpec.read(folder.resolve("block.json")).redaction(), is(spec.redaction));
    }
}
