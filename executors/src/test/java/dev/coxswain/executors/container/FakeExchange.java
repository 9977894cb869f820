package dev.coxswain.executors.container;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** One request to a {@link FakeEngine}, and where its answer goes. */
record FakeExchange(String method, String uri, byte[] body, OutputStream out, SocketChannel connection) {
    /** Null when the connection was closed before there was one. */
    static @Nullable FakeExchange read(SocketChannel connection) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        int length = 0;
        for (String head = line(in); !head.isEmpty(); head = line(in)) {
            if (head.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(head.substring(head.indexOf(':') + 1).strip());
            }
        }
        String[] words = first.split(" ", 3);
        return new FakeExchange(words[0], words[1], in.readNBytes(length), Channels.newOutputStream(connection),
                connection);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    String asked() {
        return method + " " + uri.split("\\?", 2)[0];
    }

    List<String> path() {
        return List.of(uri.split("\\?", 2)[0].substring(1).split("/", -1));
    }

    String parameter(String name) {
        for (String each : uri.split("\\?", 2)[1].split("&", -1)) {
            if (each.startsWith(name + "=")) {
                return URLDecoder.decode(each.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new IllegalArgumentException("no " + name + " in " + uri);
    }

    JsonNode json() {
        return FakeEngine.JSON.readTree(body);
    }

    void missing(String what) throws IOException {
        answer(404, FakeEngine.JSON.createObjectNode().put("message", what));
    }

    void answer(int status, JsonNode json) throws IOException {
        answer(status, json.toString());
    }

    void answer(int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        raw("HTTP/1.1 " + status + " Said\r\nContent-Length: " + bytes.length + "\r\n\r\n");
        out.write(bytes);
        out.flush();
    }

    /** The head of an answer that ends with its connection. */
    void streaming() throws IOException {
        raw("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n");
    }

    void raw(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
