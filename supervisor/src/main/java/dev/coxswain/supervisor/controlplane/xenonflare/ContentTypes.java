package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Content types as they are signed: a bare {@code type/subtype} (contract xenonflare-studio 5 and trap 2: the text is
 * compared as text, so one spelling is used from signing to PUT).
 */
final class ContentTypes {
    private static final Pattern FORM = Pattern
            .compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}");
    private static final Map<String, String> OTHER_SPELLINGS = Map.of("image/jpg", "image/jpeg", "image/pjpeg",
            "image/jpeg", "image/x-png", "image/png", "audio/mp3", "audio/mpeg", "audio/x-wav", "audio/wav",
            "audio/wave", "audio/wav", "audio/vnd.wave", "audio/wav", "audio/x-m4a", "audio/mp4", "audio/m4a",
            "audio/mp4");
    private static final Map<String, List<String>> EXTENSIONS = Map.of("image/png", List.of("png"), "image/jpeg",
            List.of("jpg", "jpeg"), "image/webp", List.of("webp"), "image/gif", List.of("gif"), "audio/mpeg",
            List.of("mp3", "mpga"), "audio/wav", List.of("wav"), "audio/mp4", List.of("m4a", "mp4"), "video/mp4",
            List.of("mp4", "m4v"), "video/webm", List.of("webm"), "video/quicktime", List.of("mov"));

    private ContentTypes() {}

    /** The one spelling of a stated type: lower case, no parameters, no alias. Null when it is no content type. */
    static @Nullable String normal(String stated) {
        int parameters = stated.indexOf(';');
        String bare = (parameters < 0 ? stated : stated.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return FORM.matcher(bare).matches() ? OTHER_SPELLINGS.getOrDefault(bare, bare) : null;
    }

    /** Whether a type is in the form in which it can be signed and sent. */
    static boolean isBare(String type) {
        return FORM.matcher(type).matches();
    }

    /** False only when type and extension are both known and contradict each other. */
    static boolean fits(String type, String path) {
        List<String> own = EXTENSIONS.get(type);
        String extension = extension(path);
        boolean known = extension != null && EXTENSIONS.values().stream().anyMatch(all -> all.contains(extension));
        return own == null || !known || own.contains(extension);
    }

    /** In lower case, or null when the last part has none. */
    static @Nullable String extension(String path) {
        int dot = path.lastIndexOf('.');
        return dot <= path.lastIndexOf('/') + 1 || dot == path.length() - 1
                ? null
                : path.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
