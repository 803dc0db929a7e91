package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The beginning of the difference of two texts, in the lines of a unified diff. */
final class LineDiff {
    private static final int CONTEXT = 3;
    private static final int MAX_LINES = 200;
    private static final int MAX_CHARACTERS = 16 * 1024;
    private static final int MAX_TABLE = 4_000_000;

    private LineDiff() {}

    /** The difference, at most 200 lines; null if one of them is no text. */
    static String of(byte[] before, byte[] after) {
        List<String> a = lines(before);
        List<String> b = lines(after);
        if (a == null || b == null) {
            return null;
        }
        int head = 0;
        while (head < a.size() && head < b.size() && a.get(head).equals(b.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < a.size() - head && tail < b.size() - head
                && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
            tail++;
        }
        int from = Math.max(0, head - CONTEXT);
        List<String> out = new ArrayList<>();
        a.subList(from, head).forEach(line -> out.add(" " + line));
        middle(a.subList(head, a.size() - tail), b.subList(head, b.size() - tail), out);
        a.subList(a.size() - tail, Math.min(a.size(), a.size() - tail + CONTEXT)).forEach(line -> out.add(" " + line));
        int to = Math.min(CONTEXT, tail);
        out.add(0, "@@ -" + (from + 1) + "," + (a.size() - tail + to - from) + " +" + (from + 1) + ","
                + (b.size() - tail + to - from) + " @@");
        return bounded(out);
    }

    /** By a longest common subsequence if the table for it stays small, else as one replaced block. */
    private static void middle(List<String> a, List<String> b, List<String> out) {
        if ((long) (a.size() + 1) * (b.size() + 1) > MAX_TABLE) {
            a.forEach(line -> out.add("-" + line));
            b.forEach(line -> out.add("+" + line));
            return;
        }
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                out.add(" " + a.get(i++));
                j++;
            } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
                out.add("-" + a.get(i++));
            } else {
                out.add("+" + b.get(j++));
            }
        }
    }

    private static String bounded(List<String> lines) {
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (String line : lines) {
            if (count++ == MAX_LINES || text.length() + line.length() > MAX_CHARACTERS) {
                return text.append("…\n").toString();
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }

    /** The lines without their newlines; null if the content is no UTF-8 text. */
    private static List<String> lines(byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        if (text.indexOf('\0') >= 0) {
            return null;
        }
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }
}
