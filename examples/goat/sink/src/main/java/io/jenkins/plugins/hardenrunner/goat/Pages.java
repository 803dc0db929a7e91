package io.jenkins.plugins.hardenrunner.goat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.hardenrunner.goat.Goat.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Serves a folder of reports on 127.0.0.1: regular files below it, nothing else. */
final class Pages {
    private final Path root;
    private final HttpServer server;

    Pages(Path folder) throws IOException {
        root = folder.toRealPath();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            // A web page elsewhere whose name was rebound to 127.0.0.1 must not read command lines from here.
            if (!("127.0.0.1:" + port()).equals(exchange.getRequestHeaders().getFirst("Host"))) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            Path file = find(exchange.getRequestURI().getPath());
            if (file == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = Files.readAllBytes(file);
            exchange.getResponseHeaders().set("Content-Type", type(file));
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The file below the folder; null for anything else, also when a link or a ".." points elsewhere. */
    private Path find(String path) throws IOException {
        try {
            Path file = root.resolve(path.substring(1)).normalize();
            return Files.isRegularFile(file) && file.toRealPath().startsWith(root) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String type(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".html")) {
            return "text/html; charset=utf-8";
        }
        return name.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8";
    }

    static void run(List<String> args) throws IOException {
        if (args.size() != 1) {
            throw new UsageException("pages needs exactly one folder");
        }
        Path folder = Path.of(args.get(0));
        if (!Files.isDirectory(folder)) {
            throw new UsageException("'" + folder + "' is not a folder");
        }
        Pages pages = new Pages(folder);
        System.out.println("http://127.0.0.1:" + pages.port() + "/");
        System.out.flush();
        Sink.awaitEndOfInput();
        pages.stop();
    }
}
