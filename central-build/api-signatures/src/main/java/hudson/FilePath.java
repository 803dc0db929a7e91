package hudson;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;

public final class FilePath implements Serializable {
    public FilePath(VirtualChannel a, String b) {}

    public String getRemote() {
        throw new AssertionError();
    }

    public FilePath child(String a) {
        throw new AssertionError();
    }

    public void write(String a, String b) throws IOException, InterruptedException {
        throw new AssertionError();
    }

    public <T> T act(FilePath.FileCallable<T> a) throws IOException, InterruptedException {
        throw new AssertionError();
    }

    public interface FileCallable<T> extends Serializable {
        T invoke(File a, VirtualChannel b) throws IOException, InterruptedException;
    }
}
