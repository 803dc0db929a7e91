package jenkins.management;

public class Badge {
    public Badge(String a, String b, Badge.Severity c) {}

    public enum Severity {
        DANGER,
        WARNING
    }
}
