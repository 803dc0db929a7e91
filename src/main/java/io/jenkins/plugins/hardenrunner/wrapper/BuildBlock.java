package io.jenkins.plugins.hardenrunner.wrapper;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.AbstractBuild;
import hudson.model.InvisibleAction;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.launch.BlockSource;
import java.util.Set;

/**
 * The block of one build, from the moment its launcher is made. Jenkins makes the launcher before it has a workspace
 * and checks out with it, and enters wrappers only then; this is what the two have in common. It hangs on the build
 * because one wrapper object serves all builds of a job.
 */
final class BuildBlock extends InvisibleAction implements BlockSource {
    private final transient AbstractBuild<?, ?> build;
    private transient volatile OpenBlock block;

    private BuildBlock(AbstractBuild<?, ?> build) {
        this.build = build;
    }

    @NonNull
    static BuildBlock of(@NonNull AbstractBuild<?, ?> build) {
        BuildBlock found = build.getAction(BuildBlock.class);
        if (found == null) {
            found = new BuildBlock(build);
            build.addAction(found);
        }
        return found;
    }

    void enter(@NonNull OpenBlock entered) {
        block = entered;
    }

    /** From now on commands are no longer part of the block. The build need not remember it. */
    void leave() {
        block = null;
        build.removeAction(this);
    }

    @CheckForNull
    @Override
    public OpenBlock block() {
        return block;
    }

    @NonNull
    @Override
    public Set<String> sensitiveVariables() {
        return build.getSensitiveBuildVariables();
    }
}
