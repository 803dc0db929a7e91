package io.jenkins.plugins.hardenrunner.goat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * As much of HTTP/1.1 as the sink needs: it wants to know when a request is complete, so that it can answer. The bytes
 * themselves are in the log already.
 *
 * @param method as sent
 * @param target as sent
 * @param body decoded body, empty if there was none
 */
record HttpRequest(String method, String target, byte[] body) {
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final int BODY_LIMIT = 16 * 1024 * 1024;

    /** @throws IOException if the peer hangs up in the middle, or does not speak HTTP/1.x, or exceeds a limit */
    static HttpRequest read(InputStream raw) throws IOException {
        InputStream in = new BufferedInputStream(raw);
        String[] first = line(in).split(" ", 3);
        if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP/1.x request");
        }
        long length = 0;
        boolean chunked = false;
        int head = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head += line.length();
            if (head > HEAD_LIMIT) {
                throw new IOException("request head is longer than " + HEAD_LIMIT + " bytes");
            }
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = number(lower.substring(15).trim(), 10);
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.endsWith("chunked");
            }
        }
        return new HttpRequest(first[0], first[1], chunked ? chunks(in) : exactly(in, length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            long size = number(line(in).split(";", 2)[0].trim(), 16);
            if (size == 0) {
                while (!line(in).isEmpty()) {
                    // Trailers are in the log; the answer does not depend on them.
                }
                return body.toByteArray();
            }
            if (body.size() + size > BODY_LIMIT) {
                throw new IOException("request body is longer than " + BODY_LIMIT + " bytes");
            }
            body.write(exactly(in, size));
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, long length) throws IOException {
        if (length > BODY_LIMIT) {
            throw new IOException("request body is longer than " + BODY_LIMIT + " bytes");
        }
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw new EOFException("connection closed after " + body.length + " of " + length + " body bytes");
        }
        return body;
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long n = Long.parseLong(text, radix);
            if (n >= 0) {
                return n;
            }
        } catch (NumberFormatException e) {
            // The same message as for a negative number.
        }
        throw new IOException("'" + text + "' is not a length");
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection closed before the request was complete");
            }
            if (line.size() >= HEAD_LIMIT) {
                throw new IOException("line is longer than " + HEAD_LIMIT + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
