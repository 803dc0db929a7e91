package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkQueue;
import io.jenkins.plugins.hardenrunner.engine.sink.Spool;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** How a sink is doing, for the page. */
@Restricted(NoExternalUse.class)
public final class SinkStatus {
    private final String name;
    private final Sink sink;
    private final Spool.Status status;
    private final SinkQueue.Progress progress;
    private final List<Letter> letters;

    SinkStatus(@NonNull String name, @NonNull SinkLine line) {
        this.name = name;
        this.sink = line.sink();
        this.status = line.queue().spool().status();
        this.progress = line.queue().progress();
        this.letters = line.queue().spool().deadLetters().stream().map(Letter::new).toList();
    }

    @NonNull
    public String getName() {
        return name;
    }

    public boolean isConfigured() {
        return sink != null;
    }

    boolean isEmpty() {
        return status.deliveries() == 0 && letters.isEmpty() && status.lost() == null;
    }

    @NonNull
    public String getKind() {
        return sink == null ? "" : jenkins.model.Jenkins.get().getDescriptorOrDie(sink.getClass()).getDisplayName();
    }

    public long getMessages() {
        return status.messages();
    }

    @NonNull
    public String getOldest() {
        return shown(status.oldest());
    }

    /** How much of the space is used, in percent, rounded up. */
    public long getUsed() {
        return (status.bytes() * 100 + status.bound() - 1) / status.bound();
    }

    @NonNull
    public String getLastSuccess() {
        return shown(progress.lastSuccess());
    }

    @NonNull
    public String getLastFailure() {
        return shown(progress.lastFailure());
    }

    @CheckForNull
    public String getLastReason() {
        return progress.lastReason();
    }

    @NonNull
    public String getNext() {
        return shown(progress.next());
    }

    public long getLost() {
        return status.lost() == null ? 0 : status.lost().messages();
    }

    @NonNull
    public List<Letter> getLetters() {
        return letters;
    }

    private static String shown(Instant time) {
        return time == null || time.isBefore(Instant.EPOCH) ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A dead letter. */
    @Restricted(NoExternalUse.class)
    public static final class Letter {
        private final Spool.DeadLetter letter;

        Letter(@NonNull Spool.DeadLetter letter) {
            this.letter = letter;
        }

        @NonNull
        public String getId() {
            return letter.id();
        }

        @NonNull
        public String getCreated() {
            return shown(letter.created());
        }

        public int getMessages() {
            return letter.messages();
        }

        @NonNull
        public String getReason() {
            return letter.reason();
        }
    }
}
