package io.jenkins.plugins.hardenrunner.engine.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A single random fault in a file; the result always differs from the original. */
enum Fault {
    FLIPPED_BIT {
        @Override
        byte[] tried(byte[] content, Random random) {
            byte[] changed = content.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            return changed;
        }
    },
    CUT {
        @Override
        byte[] tried(byte[] content, Random random) {
            return Arrays.copyOf(content, random.nextInt(content.length));
        }
    },
    CUT_AT_LINE {
        @Override
        byte[] tried(byte[] content, Random random) {
            List<String> lines = lines(content);
            return join(lines.subList(0, random.nextInt(lines.size())));
        }
    },
    REMOVED_LINE {
        @Override
        byte[] tried(byte[] content, Random random) {
            List<String> lines = lines(content);
            lines.remove(random.nextInt(lines.size()));
            return join(lines);
        }
    },
    SWAPPED_LINES {
        @Override
        byte[] tried(byte[] content, Random random) {
            List<String> lines = lines(content);
            Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
            return join(lines);
        }
    },
    DUPLICATED_LINE {
        @Override
        byte[] tried(byte[] content, Random random) {
            List<String> lines = lines(content);
            lines.add(random.nextInt(lines.size() + 1), lines.get(random.nextInt(lines.size())));
            return join(lines);
        }
    },
    FOREIGN_LINE {
        @Override
        byte[] tried(byte[] content, Random random) {
            List<String> lines = lines(content);
            List<String> others = lines(SealedFolder.events(random));
            lines.set(random.nextInt(lines.size()), others.get(random.nextInt(others.size())));
            return join(lines);
        }
    };

    abstract byte[] tried(byte[] content, Random random);

    byte[] in(byte[] content, Random random) {
        for (int i = 0; i < 100; i++) {
            byte[] changed = tried(content, random);
            if (!Arrays.equals(changed, content)) {
                return changed;
            }
        }
        return Arrays.copyOf(content, content.length - 1); // one line cannot be swapped with another
    }

    /** Bytes as characters, so that a compressed file has lines as well. */
    private static List<String> lines(byte[] content) {
        return new ArrayList<>(Arrays.asList(new String(content, StandardCharsets.ISO_8859_1).split("(?<=\n)")));
    }

    private static byte[] join(List<String> lines) {
        return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
    }
}
