package io.jenkins.plugins.hardenrunner.collect;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnUnsupported;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was decided when a block was entered, saved beside its evidence. A later change of the configuration does not
 * touch a running block, and after a restart the same policy goes on.
 */
public final class BlockSpec {
    private static final ObjectMapper JSON = new ObjectMapper();

    public String id;
    /** The flow node that starts the block; null in freestyle builds. */
    public String flowNode;
    /** The block's name in the job's baseline; null in blocks that older versions opened. */
    public String name;
    /** Milliseconds since 1970. */
    public long started;
    /** Nearest first. */
    public List<LayerSpec> layers = new ArrayList<>();
    /** The block around this one, whose policy holds as well; null if there is none. */
    public BlockSpec outer;
    /** What was not as it should be when the block was entered, for log and report. */
    public List<String> notes = new ArrayList<>();
    /** Cap of recorded events of one launch; null for the helper's default. */
    public Integer limitEvents;
    /** Cap of the event file of one launch in MiB; null for the helper's default. */
    public Integer limitMegabytes;

    /** By what secrets are known in records; null in blocks that older versions opened. */
    public Redaction redaction;

    /** The egress policy of an agent that supervises all builds, if the block is one of those; null for all others. */
    public String observed;

    private transient EffectivePolicy policy;

    /** The policy that the layers make together, within that of the block around; throws PolicyException if a value in them is wrong. */
    @NonNull
    public synchronized EffectivePolicy policy() {
        if (policy == null) {
            EffectivePolicy own = EffectivePolicy.resolve(layers.stream().map(LayerSpec::toLayer).toList());
            policy = outer == null ? own : own.within(outer.policy());
        }
        return policy;
    }

    /** By what secrets are known in records that nobody has declared as such. */
    @NonNull
    public Redaction redaction() {
        return redaction == null ? Redaction.DEFAULT : redaction;
    }

    /** The block's name in the job's baseline. */
    @NonNull
    public String blockName() {
        return name == null ? "default" : name;
    }

    /** Whether a command that cannot be supervised must not run. */
    @JsonIgnore
    public boolean failsWhenUnsupported() {
        return policy().onUnsupported() == OnUnsupported.FAIL;
    }

    /** Whether the block stands inside another one. */
    boolean isWithin(@NonNull String block) {
        return outer != null && (block.equals(outer.id) || outer.isWithin(block));
    }

    void write(@NonNull Path file) throws IOException {
        AtomicFiles.write(file, out -> out.write(JSON.writeValueAsBytes(this)));
    }

    @NonNull
    static BlockSpec read(@NonNull Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), BlockSpec.class);
    }
}
