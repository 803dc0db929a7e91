package hudson.model;

public class Executor extends Thread {
    private Executor() {}

    public static Executor currentExecutor() {
        throw new AssertionError();
    }

    public Queue.Executable getCurrentExecutable() {
        throw new AssertionError();
    }

    public void interrupt(Result a) {
        throw new AssertionError();
    }
}
