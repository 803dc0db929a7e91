package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.zip.GZIPInputStream;
import jenkins.MasterToSlaveFileCallable;

/**
 * Everything that one launch needs on the agent, in one round trip: checks the helper again and lays down the policy
 * in {@code <our folder>/<block>/<launch>/policy}; the helper will create {@code events.ndjson} beside it. The file
 * that it acts on is our folder. Returns whether the helper was intact; if not, nothing was written.
 */
public final class PrepareLaunch extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    /** The policy in a launch's folder. */
    public static final String POLICY = "policy";
    /** The event file in a launch's folder. */
    public static final String EVENTS = "events.ndjson";

    private final String helper;
    private final String sha256;
    private final String block;
    private final String launch;
    private final boolean otherUser;
    /** Compressed: it lists each tracked file, and goes over the network for each launch. */
    private final byte[] policy;

    /**
     * @param policy the policy file, compressed with gzip
     * @param otherUser whether the command runs as another user than the agent, as in many containers
     */
    public PrepareLaunch(
            @NonNull String helper,
            @NonNull String sha256,
            @NonNull String block,
            @NonNull String launch,
            @NonNull byte[] policy,
            boolean otherUser) {
        this.helper = helper;
        this.sha256 = sha256;
        this.block = block;
        this.launch = launch;
        this.otherUser = otherUser;
        this.policy = policy.clone();
    }

    @Override
    public Boolean invoke(File ours, VirtualChannel channel) throws IOException, InterruptedException {
        if (!InstallHelper.isIntact(Path.of(helper), sha256)) {
            return false;
        }
        Path folder = ours.toPath();
        // A build may have removed them ("clean the workspace's temporary folder"), so they are made again as needed.
        OwnFiles.folder(folder, otherUser ? OwnFiles.PASSABLE : OwnFiles.PRIVATE);
        OwnFiles.folder(folder.resolve(block), otherUser ? OwnFiles.PASSABLE : OwnFiles.PRIVATE);
        Path own = folder.resolve(block).resolve(launch);
        OwnFiles.delete(own);
        OwnFiles.folder(own, otherUser ? OwnFiles.DROP : OwnFiles.PRIVATE);
        Path file = own.resolve(POLICY);
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(policy));
                var channelOut = Files.newByteChannel(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")));
                OutputStream out = java.nio.channels.Channels.newOutputStream(channelOut)) {
            in.transferTo(out);
        }
        if (otherUser) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
        return true;
    }
}
