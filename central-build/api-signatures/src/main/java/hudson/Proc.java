package hudson;

import java.io.IOException;

public abstract class Proc {
    private Proc() {}

    public abstract boolean isAlive() throws IOException, InterruptedException;
}
