package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.util.Collection;
import java.util.TreeSet;
import jenkins.MasterToSlaveFileCallable;

/** Removes folders of ours that the controller has read to the end. The file that it acts on is our folder. */
public final class DeleteEvidence extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    private final TreeSet<String> folders;

    /** @param folders {@code <block>/<launch>} or {@code <block>} */
    public DeleteEvidence(@NonNull Collection<String> folders) {
        this.folders = new TreeSet<>(folders);
    }

    @Override
    public Void invoke(File ours, VirtualChannel channel) throws IOException, InterruptedException {
        for (String folder : folders) {
            OwnFiles.delete(ours.toPath().resolve(folder));
        }
        return null;
    }
}
