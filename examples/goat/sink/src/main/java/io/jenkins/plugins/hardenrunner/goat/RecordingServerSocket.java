package io.jenkins.plugins.hardenrunner.goat;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.function.Consumer;

/** A listener whose connections report every chunk of bytes that is read from the wire, below TLS if there is any. */
final class RecordingServerSocket extends ServerSocket {

    RecordingServerSocket(InetSocketAddress address) throws IOException {
        super();
        setReuseAddress(true);
        bind(address, 50);
    }

    @Override
    public Recorded accept() throws IOException {
        Recorded socket = new Recorded();
        implAccept(socket);
        return socket;
    }

    static final class Recorded extends Socket {
        private Consumer<byte[]> recorder = bytes -> {};

        Recorded() {
            super();
        }

        /** Must be called before the first read. */
        void onBytes(Consumer<byte[]> consumer) {
            recorder = consumer;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return recording(super.getInputStream(), recorder);
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            throw new IOException("the sink only accepts connections, it makes none");
        }
    }

    /** Passes {@code in} through and hands a copy of each chunk to {@code recorder} before the reader sees it. */
    static InputStream recording(InputStream in, Consumer<byte[]> recorder) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                if (b >= 0) {
                    recorder.accept(new byte[] {(byte) b});
                }
                return b;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = super.read(buffer, offset, length);
                if (n > 0) {
                    recorder.accept(Arrays.copyOfRange(buffer, offset, offset + n));
                }
                return n;
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }
}
