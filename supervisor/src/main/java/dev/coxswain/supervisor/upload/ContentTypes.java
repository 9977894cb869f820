package dev.coxswain.supervisor.upload;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The type of a file: its first bytes decide, and where they leave a choice (a container that may hold sound or pictures,
 * any text, any zip) the extension does. The type is signed and compared as text, so it never has parameters
 * (contract xenonflare-studio 5, trap 2).
 */
final class ContentTypes {
    /** How many bytes of a file are looked at. */
    static final int HEAD = 512;

    private static final Pattern PLAIN = Pattern
            .compile("[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}");
    private static final String UNKNOWN = "application/octet-stream";
    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"), Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"), Map.entry("svg", "image/svg+xml"), Map.entry("avif", "image/avif"),
            Map.entry("mp3", "audio/mpeg"), Map.entry("wav", "audio/wav"), Map.entry("m4a", "audio/mp4"),
            Map.entry("aac", "audio/aac"), Map.entry("flac", "audio/flac"), Map.entry("ogg", "audio/ogg"),
            Map.entry("oga", "audio/ogg"), Map.entry("opus", "audio/ogg"), Map.entry("ogv", "video/ogg"),
            Map.entry("weba", "audio/webm"), Map.entry("webm", "video/webm"), Map.entry("mkv", "video/x-matroska"),
            Map.entry("mp4", "video/mp4"), Map.entry("m4v", "video/mp4"), Map.entry("mov", "video/quicktime"),
            Map.entry("pdf", "application/pdf"), Map.entry("zip", "application/zip"),
            Map.entry("apk", "application/vnd.android.package-archive"), Map.entry("jar", "application/java-archive"),
            Map.entry("gz", "application/gzip"), Map.entry("tgz", "application/gzip"),
            Map.entry("json", "application/json"), Map.entry("txt", "text/plain"), Map.entry("log", "text/plain"),
            Map.entry("md", "text/markdown"), Map.entry("csv", "text/csv"), Map.entry("html", "text/html"),
            Map.entry("xml", "application/xml"), Map.entry("vtt", "text/vtt"),
            Map.entry("srt", "application/x-subrip"));
    private static final Set<String> TEXTS = Set.of("application/json", "text/plain", "text/markdown", "text/csv",
            "text/html", "application/xml", "text/vtt", "application/x-subrip", "image/svg+xml");
    private static final Set<String> ZIPS = Set.of("application/vnd.android.package-archive",
            "application/java-archive");
    private static final Set<String> OGGS = Set.of("audio/ogg", "video/ogg");
    private static final Set<String> WEBMS = Set.of("audio/webm", "video/webm");
    private static final Set<String> MP4S = Set.of("video/mp4", "audio/mp4", "video/quicktime");

    private ContentTypes() {}

    /** Whether this is type/subtype and nothing else. */
    static boolean isValid(String contentType) {
        return PLAIN.matcher(contentType).matches();
    }

    /**
     * The type of a file.
     *
     * @param head its first bytes, at most {@link #HEAD}
     * @param name its name, for the extension
     */
    static String of(byte[] head, String name) {
        String byName = BY_EXTENSION.get(extension(name));
        Guess guess = guess(head);
        if (guess == null) {
            return byName == null ? UNKNOWN : byName;
        }
        return byName != null && guess.also().contains(byName) ? byName : guess.type();
    }

    private static @Nullable Guess guess(byte[] head) {
        // ISO 8859-1 makes one character of each byte, so that numbers and letters can be compared alike
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Guess.only("image/png");
        } else if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return Guess.only("image/jpeg");
        } else if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return Guess.only("image/gif");
        } else if (text.startsWith("RIFF")) {
            return riff(text);
        } else if (text.startsWith("ID3")) {
            return Guess.only("audio/mpeg");
        } else if (text.startsWith("fLaC")) {
            return Guess.only("audio/flac");
        } else if (text.startsWith("OggS")) {
            return new Guess(text.contains("\u0080theora") ? "video/ogg" : "audio/ogg", OGGS);
        } else if (text.startsWith("\u001aE\u00df\u00a3")) {
            return text.contains("matroska") ? Guess.only("video/x-matroska") : new Guess("video/webm", WEBMS);
        } else if (text.startsWith("ftyp", 4)) {
            return mp4(text);
        } else if (text.startsWith("%PDF-")) {
            return Guess.only("application/pdf");
        } else if (text.startsWith("PK\u0003\u0004")) {
            return new Guess("application/zip", ZIPS);
        } else if (text.startsWith("\u001f\u008b")) {
            return Guess.only("application/gzip");
        }
        Guess audio = mpegAudio(head);
        return audio == null && isText(head) ? new Guess(json(text) ? "application/json" : "text/plain", TEXTS) : audio;
    }

    private static @Nullable Guess riff(String text) {
        return text.startsWith("WEBP", 8)
                ? Guess.only("image/webp")
                : text.startsWith("WAVE", 8) ? Guess.only("audio/wav") : null;
    }

    private static Guess mp4(String text) {
        String brand = text.substring(8, Math.min(12, text.length()));
        return switch (brand) {
            case "M4A ", "M4B " -> Guess.only("audio/mp4");
            case "qt  " -> Guess.only("video/quicktime");
            case "avif", "avis" -> Guess.only("image/avif");
            case "heic", "heix", "mif1" -> Guess.only("image/heic");
            default -> new Guess("video/mp4", MP4S);
        };
    }

    /** Frames of MPEG audio begin with eleven set bits; layer 3 is MP3, layer 0 is AAC's own framing. */
    private static @Nullable Guess mpegAudio(byte[] head) {
        if (head.length < 4 || (head[0] & 0xff) != 0xff || (head[1] & 0xe0) != 0xe0) {
            return null;
        }
        return switch (head[1] & 0x06) {
            case 0x02 -> Guess.only("audio/mpeg");
            case 0x00 -> Guess.only("audio/aac");
            default -> null;
        };
    }

    private static boolean json(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    /** UTF-8 without control characters; a character that the head cuts in two does not count against it. */
    private static boolean isText(byte[] head) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        CharBuffer characters = CharBuffer.allocate(head.length);
        if (utf8.decode(ByteBuffer.wrap(head), characters, false).isError()) {
            return false;
        }
        return characters.flip().chars().allMatch(c -> c >= ' ' ? c != 0x7f : c == '\n' || c == '\r' || c == '\t');
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private record Guess(String type, Set<String> also) {
        static Guess only(String type) {
            return new Guess(type, Set.of());
        }
    }
}
