package hudson;

import java.util.Map;

public class Util {
    public static String[] mapToEnv(Map<String, String> a) {
        throw new AssertionError();
    }

    public static String escape(String a) {
        throw new AssertionError();
    }
}
