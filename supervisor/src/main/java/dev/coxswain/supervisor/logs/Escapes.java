package dev.coxswain.supervisor.logs;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** How other programs write a text inside a URL or a JSON string. */
final class Escapes {
    /**
     * What is left as it is beside letters and digits: by RFC 3986 (curl, jq), by HTML forms and Java's URLEncoder, by
     * JavaScript's encodeURIComponent, by Python's quote.
     */
    static final List<String> UNRESERVED = List.of("-._~", "-._*", "-._~!'()*", "-._~/");

    private Escapes() {}

    /** Everything but letters, digits and {@code unreserved} as {@code %XX} of its UTF-8 bytes, a space as told. */
    static String percent(String text, HexFormat hex, String space, String unreserved) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c == ' ') {
                out.append(space);
            } else if (c < 128 && (Character.isLetterOrDigit(c) || unreserved.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%').append(hex.toHexDigits(b));
            }
        }
        return out.toString();
    }

    /** The inside of a JSON string, with or without {@code \}{@code uXXXX} for what is not ASCII. */
    static String json(String text, boolean ascii) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (ascii && c > 126)) {
                        out.append("\\u").append(HexFormat.of().toHexDigits((short) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
