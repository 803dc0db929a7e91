package hudson.model;

public abstract class Actionable implements ModelObject {
    public boolean addOrReplaceAction(Action a) {
        throw new AssertionError();
    }

    public boolean removeAction(Action a) {
        throw new AssertionError();
    }

    public <T extends Action> T getAction(Class<T> a) {
        throw new AssertionError();
    }
}
