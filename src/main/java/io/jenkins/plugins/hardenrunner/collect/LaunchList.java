package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The controller's own list of launches, written before each command starts. A launch that stands in it and has no
 * evidence is a finding; after a restart the list says where the evidence is.
 */
final class LaunchList {
    private final TsvFile file;

    LaunchList(@NonNull Path file) {
        this.file = new TsvFile(file, 7);
    }

    void append(@NonNull Launch launch) throws IOException {
        file.append(
                launch.id(), launch.nonce(), launch.node(), launch.folder(), launch.step(),
                Boolean.toString(launch.wrapper()), Long.toString(launch.time()));
    }

    /** All launches in order; throws IOException, naming the line, if the list is damaged. */
    @NonNull
    List<Launch> read() throws IOException {
        List<Launch> launches = new ArrayList<>();
        for (String[] line : file.read()) {
            try {
                launches.add(new Launch(
                        line[0], line[1], line[2], line[3], line[4], Boolean.parseBoolean(line[5]), Long.parseLong(line[6])));
            } catch (NumberFormatException e) {
                throw new IOException("launch " + line[0] + ": '" + line[6] + "' is not a time", e);
            }
        }
        return launches;
    }
}
