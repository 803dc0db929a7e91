package hudson;

import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import jenkins.tasks.filters.EnvVarsFilterableBuilder;

public abstract class Launcher {
    Launcher() {}

    protected final TaskListener listener = null;

    public void prepareFilterRules(Run<?, ?> a, EnvVarsFilterableBuilder b) {
        throw new AssertionError();
    }

    public VirtualChannel getChannel() {
        throw new AssertionError();
    }

    public final Launcher.ProcStarter launch() {
        throw new AssertionError();
    }

    public Proc launch(String[] a, String[] b, InputStream c, OutputStream d, FilePath e) throws IOException {
        throw new AssertionError();
    }

    public Proc launch(String[] a, boolean[] b, String[] c, InputStream d, OutputStream e, FilePath f) throws IOException {
        throw new AssertionError();
    }

    public abstract Proc launch(Launcher.ProcStarter a) throws IOException;

    public abstract Channel launchChannel(String[] a, OutputStream b, FilePath c, Map<String, String> d) throws IOException, InterruptedException;

    public boolean isUnix() {
        throw new AssertionError();
    }

    protected final void maskedPrintCommandLine(List<String> a, boolean[] b, FilePath c) {
        throw new AssertionError();
    }

    public static class DecoratedLauncher extends Launcher {
        public DecoratedLauncher(Launcher a) {}

        public Proc launch(Launcher.ProcStarter a) throws IOException {
            throw new AssertionError();
        }

        public Channel launchChannel(String[] a, OutputStream b, FilePath c, Map<String, String> d) throws IOException, InterruptedException {
            throw new AssertionError();
        }

        public Proc launch(String[] a, boolean[] b, String[] c, InputStream d, OutputStream e, FilePath f) throws IOException {
            throw new AssertionError();
        }

        public Proc launch(String[] a, String[] b, InputStream c, OutputStream d, FilePath e) throws IOException {
            throw new AssertionError();
        }

        public Launcher getInner() {
            throw new AssertionError();
        }
    }

    public static class LocalLauncher extends Launcher {
        private LocalLauncher() {}

        @Override
        public Proc launch(Launcher.ProcStarter a) throws IOException {
            throw new AssertionError();
        }

        @Override
        public Channel launchChannel(String[] a, OutputStream b, FilePath c, Map<String, String> d) throws IOException {
            throw new AssertionError();
        }
    }

    public final class ProcStarter {
        private ProcStarter() {}

        public Proc start() throws IOException {
            throw new AssertionError();
        }

        public Launcher.ProcStarter cmds(String... a) {
            throw new AssertionError();
        }

        public Launcher.ProcStarter cmds(List<String> a) {
            throw new AssertionError();
        }

        public List<String> cmds() {
            throw new AssertionError();
        }

        public Launcher.ProcStarter masks(boolean... a) {
            throw new AssertionError();
        }

        public boolean[] masks() {
            throw new AssertionError();
        }

        public Launcher.ProcStarter quiet(boolean a) {
            throw new AssertionError();
        }

        public boolean quiet() {
            throw new AssertionError();
        }

        public Launcher.ProcStarter pwd(FilePath a) {
            throw new AssertionError();
        }

        public FilePath pwd() {
            throw new AssertionError();
        }

        public Launcher.ProcStarter stdout(OutputStream a) {
            throw new AssertionError();
        }

        public Launcher.ProcStarter stdin(InputStream a) {
            throw new AssertionError();
        }

        public Launcher.ProcStarter envs(String... a) {
            throw new AssertionError();
        }

        public String[] envs() {
            throw new AssertionError();
        }
    }

    public static class RemoteLauncher extends Launcher {
        private RemoteLauncher() {}

        @Override
        public Proc launch(Launcher.ProcStarter a) throws IOException {
            throw new AssertionError();
        }

        @Override
        public Channel launchChannel(String[] a, OutputStream b, FilePath c, Map<String, String> d) throws IOException, InterruptedException {
            throw new AssertionError();
        }
    }
}
