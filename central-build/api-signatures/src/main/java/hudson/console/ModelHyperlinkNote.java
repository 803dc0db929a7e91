package hudson.console;

import java.io.Serializable;

public class ModelHyperlinkNote implements Serializable {
    private ModelHyperlinkNote() {}

    public static String encodeTo(String a, String b) {
        throw new AssertionError();
    }
}
