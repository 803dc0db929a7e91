package io.jenkins.plugins.hardenrunner.engine.policy;

/** Makes text of unknown origin fit to be shown in one line of a log or a terminal. */
public final class Text {
    private static final int SHOWN = 120;

    private Text() {}

    /** The text in one line without control or direction-changing characters, cut after 120 characters. */
    public static String shown(String text) {
        return shown(text, SHOWN);
    }

    /** Like {@link #shown(String)} with another limit of characters. */
    public static String shown(String text, int limit) {
        StringBuilder shown = new StringBuilder();
        int[] points = text.codePoints().limit(limit + 1L).toArray();
        for (int i = 0; i < Math.min(points.length, limit); i++) {
            int point = points[i];
            int type = Character.getType(point);
            // Escape sequences would act on the reader's terminal; format characters (bidi) would disguise a name.
            if (Character.isISOControl(point) || type == Character.FORMAT || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR) {
                shown.append(String.format("\\u%04x", point));
            } else {
                shown.appendCodePoint(point);
            }
        }
        return points.length > limit ? shown.append('…').toString() : shown.toString();
    }
}
