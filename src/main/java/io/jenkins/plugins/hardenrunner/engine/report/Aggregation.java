package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Counts equal events of all launches, in bounded memory. */
final class Aggregation {
    private static final int MAX_IMAGES = 100_000;
    private static final int MAX_ENDPOINTS = 10_000;
    private static final int MAX_LISTENERS = 1_000;
    private static final int MAX_PEERS = 1_000;
    private static final int MAX_FILES = 50_000;
    private static final int MAX_TOUCHED = 500_000;

    /** A destination. */
    record EndpointKey(String protocol, String name, String address, int port, Verdict verdict, String rule) {}

    /** Who connected to what the block listens on. */
    record PeerKey(String address, String local, int localPort) {}

    /** A file operation. */
    record FileKey(String path, String operation, String to, Verdict verdict, String rule) {}

    /** A system call that is never allowed. */
    record RefusedKey(String what, String detail, String errno) {}

    private final Predicate<String> tracked;
    final Map<ImageRef, Event.Image> images = new LinkedHashMap<>();
    final Map<EndpointKey, Row<EndpointKey>> endpoints = new LinkedHashMap<>();
    final Map<EndpointKey, Row<EndpointKey>> listeners = new LinkedHashMap<>();
    final Map<PeerKey, Row<PeerKey>> peers = new LinkedHashMap<>();
    /** Files that matter: tracked, protected, refused. They have their own cap, so that noise cannot displace them. */
    final Map<FileKey, Row<FileKey>> importantFiles = new LinkedHashMap<>();
    final Map<FileKey, Row<FileKey>> otherFiles = new LinkedHashMap<>();
    final Map<RefusedKey, Row<RefusedKey>> refused = new LinkedHashMap<>();
    final DnsTunnelling tunnelling = new DnsTunnelling();
    final Set<String> touched = new LinkedHashSet<>();
    final Report.FileSummary files = new Report.FileSummary();
    boolean truncated;

    Aggregation(Predicate<String> tracked) {
        this.tracked = tracked;
    }

    void image(String launch, Event.Image image) {
        ImageRef ref = new ImageRef(launch, image.id());
        Event.Image known = images.get(ref);
        if (known == null && images.size() >= MAX_IMAGES) {
            truncated = true;
            return;
        }
        images.put(ref, image);
    }

    void net(String launch, Event.Net event) {
        boolean listens = event.operation().equals("bind") || event.operation().equals("listen");
        if (event.operation().equals("accept")) {
            add(peers, MAX_PEERS, new PeerKey(event.address(), event.local(), event.localPort()), launch, event.image(), event, event.count());
        } else if (listens) {
            add(listeners, MAX_LISTENERS, new EndpointKey(event.protocol(), null,
                    event.protocol().equals("unix") ? event.path() : event.address(), event.port(), event.verdict(), event.rule()),
                    launch, event.image(), event);
        } else if (event.protocol().equals("unix")) {
            add(endpoints, MAX_ENDPOINTS,
                    new EndpointKey("unix", null, event.path(), 0, event.verdict(), event.rule()), launch, event.image(), event);
        } else {
            add(endpoints, MAX_ENDPOINTS, new EndpointKey(event.protocol(), event.name(), event.address(), event.port(),
                    event.verdict(), event.rule()), launch, event.image(), event);
        }
    }

    void dns(String launch, Event.Dns event) {
        ImageRef ref = new ImageRef(launch, event.image());
        // The names that carry data out of a tunnel are thousands; the finding holds them together.
        if (!tunnelling.add(event, ref)) {
            add(endpoints, MAX_ENDPOINTS,
                    new EndpointKey("dns", event.name(), "", 53, event.verdict(), event.rule()), launch, event.image(), event);
        }
    }

    void file(String launch, Event.FileAccess event) {
        count(event);
        touch(event.path());
        boolean two = event.to() != null && !event.operation().equals("symlink");
        if (two) {
            touch(event.to());
        }
        boolean important = !event.rule().equals("default") && !event.rule().equals("kernel")
                || event.verdict() != Verdict.ALLOWED
                || tracked.test(event.path())
                || two && tracked.test(event.to());
        FileKey key = new FileKey(event.path(), event.operation(), event.to(), event.verdict(), event.rule());
        add(important ? importantFiles : otherFiles, MAX_FILES, key, launch, event.image(), event);
    }

    void refused(String launch, Event.Refused event) {
        add(refused, 1000, new RefusedKey(event.what(), event.detail(), event.errno()), launch, event.image(), event);
    }

    private void touch(String path) {
        if (touched.size() < MAX_TOUCHED) {
            touched.add(path);
        } else {
            truncated = true;
        }
    }

    private void count(Event.FileAccess event) {
        switch (event.operation()) {
            case "write", "truncate" -> {
                if (event.create()) {
                    files.created++;
                } else {
                    files.written++;
                }
            }
            case "mkdir", "link", "symlink", "mknod" -> files.created++;
            case "unlink", "rmdir" -> files.removed++;
            case "rename" -> files.renamed++;
            default -> { }
        }
    }

    private <K> void add(Map<K, Row<K>> rows, int most, K key, String launch, long image, Event event) {
        add(rows, most, key, launch, image, event, 1);
    }

    private <K> void add(Map<K, Row<K>> rows, int most, K key, String launch, long image, Event event, long count) {
        Row<K> row = rows.get(key);
        if (row == null) {
            if (rows.size() >= most) {
                truncated = true;
                return;
            }
            row = new Row<>(key);
            rows.put(key, row);
        }
        row.add(new ImageRef(launch, image), event.head().time(), count);
    }
}
