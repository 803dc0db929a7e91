package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import io.jenkins.plugins.hardenrunner.agent.DeleteEvidence;
import io.jenkins.plugins.hardenrunner.agent.ReadEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Moves the events of a block's launches from the agents into the build's folder. */
final class Evidence {
    private static final Logger LOGGER = Logger.getLogger(Evidence.class.getName());

    /** More than the helper's own cap lets it write; what an agent sends beyond it is not from the helper. */
    private static final long MAX_BYTES = 48L << 20;

    private final OpenBlock block;
    private final Set<String> lost = new HashSet<>();
    private final Map<String, ReadEvents.Writer> writers = new HashMap<>();
    private boolean more;

    Evidence(@NonNull OpenBlock block) {
        this.block = block;
    }

    /**
     * Fetches what is new; returns whether anything was. Agents that are away are left for the next time.
     *
     * @throws IOException if what was fetched cannot be stored here, on the controller
     */
    boolean pull() throws IOException, InterruptedException {
        boolean news = false;
        more = false;
        for (Map.Entry<Place, List<Launch>> entry : incomplete().entrySet()) {
            FilePath folder = Agents.folder(entry.getKey().node(), entry.getKey().folder());
            if (folder == null) {
                continue;
            }
            news |= pull(folder, entry.getValue());
        }
        return news;
    }

    /** Fetches all that is there now. */
    void pullAll() throws IOException, InterruptedException {
        while (pull() && more) {
            // the cap of each launch's bytes ends it
        }
    }

    private boolean pull(FilePath folder, List<Launch> launches) throws IOException, InterruptedException {
        // Two readers of one block (the poller and the end of the block) must not append the same bytes twice.
        synchronized (block.store()) {
            TreeMap<String, Long> offsets = new TreeMap<>();
            for (Launch launch : launches) {
                offsets.put(block.id() + "/" + launch.id(), block.store().stored(launch.id()));
            }
            boolean news = false;
            Map<String, ReadEvents.Chunk> chunks;
            try {
                chunks = folder.act(new ReadEvents(offsets));
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "cannot read evidence on agent '" + launches.get(0).node() + "'");
                return false;
            }
            for (Launch launch : launches) {
                ReadEvents.Chunk chunk = chunks.get(block.id() + "/" + launch.id());
                long stored = block.store().stored(launch.id());
                if (chunk == null) {
                    continue;
                }
                if (stored > 0 && (chunk.missing || chunk.size < stored)) {
                    lost.add(launch.id());
                }
                // As long as there is more to fetch, its closing record may be among that.
                boolean rest = chunk.size > stored + chunk.bytes.length;
                more |= rest && stored < MAX_BYTES;
                writers.put(launch.id(), rest ? ReadEvents.Writer.UNKNOWN : chunk.writer);
                if (chunk.bytes.length == 0) {
                    continue;
                }
                long room = MAX_BYTES - stored;
                if (room <= 0) {
                    block.incomplete("launch " + launch.id(), "its event file is larger than a helper writes");
                    continue;
                }
                block.store().append(launch.id(), room < chunk.bytes.length ? Arrays.copyOf(chunk.bytes, (int) room) : chunk.bytes);
                news = true;
            }
            return news;
        }
    }

    /** Whether an agent had more than one answer carries. */
    boolean hasMore() {
        return more;
    }

    /** Whether the supervisor of a launch lived when its events were last fetched. */
    @NonNull
    ReadEvents.Writer writer(@NonNull Launch launch) {
        return writers.getOrDefault(launch.id(), ReadEvents.Writer.UNKNOWN);
    }

    /** Whether the event file of a launch was seen before and is gone or shorter now, which no helper does. */
    boolean isLost(@NonNull Launch launch) {
        return lost.contains(launch.id());
    }

    /** Removes from the agents what is complete here; the rest belongs to supervisors that are still at work. */
    void deleteComplete() {
        Map<Place, List<String>> complete = new TreeMap<>();
        for (Launch launch : block.launches()) {
            if (isComplete(launch)) {
                complete.computeIfAbsent(Place.of(launch), place -> new ArrayList<>()).add(block.id() + "/" + launch.id());
            }
        }
        complete.forEach(Evidence::delete);
    }

    /** Removes everything of a block from the agents, when the build has ended and its processes with it. */
    static void delete(@NonNull String blockId, @NonNull List<Launch> launches) {
        launches.stream().map(Place::of).distinct().forEach(place -> delete(place, List.of(blockId)));
    }

    private static void delete(Place place, List<String> folders) {
        try {
            FilePath folder = Agents.folder(place.node(), place.folder());
            if (folder != null) {
                folder.act(new DeleteEvidence(folders));
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "cannot remove evidence on agent '" + place.node() + "'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the helper has written its last event, after which it writes no more. */
    boolean isComplete(@NonNull Launch launch) {
        if (!block.isComplete(launch) && endsComplete(launch)) {
            block.complete(launch);
        }
        return block.isComplete(launch);
    }

    private boolean endsComplete(Launch launch) {
        try {
            String tail = new String(block.store().tail(launch.id(), 16 << 10), StandardCharsets.UTF_8);
            String last = tail.stripTrailing();
            return tail.endsWith("\n") && last.substring(last.lastIndexOf('\n') + 1).contains(",\"k\":\"end\"");
        } catch (IOException e) {
            return false;
        }
    }

    private Map<Place, List<Launch>> incomplete() {
        Map<Place, List<Launch>> places = new TreeMap<>();
        for (Launch launch : block.launches()) {
            if (!isComplete(launch)) {
                places.computeIfAbsent(Place.of(launch), place -> new ArrayList<>()).add(launch);
            }
        }
        return places;
    }

    /** Our folder on one agent. */
    private record Place(String node, String folder) implements Comparable<Place> {
        static Place of(Launch launch) {
            return new Place(launch.node(), launch.folder());
        }

        @Override
        public int compareTo(Place other) {
            int byNode = node.compareTo(other.node);
            return byNode != 0 ? byNode : folder.compareTo(other.folder);
        }
    }
}
