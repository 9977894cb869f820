package dev.coxswain.supervisor.coderunner.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the name of an entry: a relative path with slashes that stays inside, or an {@link ArchiveException}. */
final class EntryName {
    private static final int LONGEST = 1_024;
    private static final int LONGEST_PART = 255;
    private static final Pattern DRIVE = Pattern.compile("^[A-Za-z]:");

    private EntryName() {}

    /** The parts of the path; {@code raw} are the bytes in the archive, since a lenient decoder would hide what is wrong. */
    static List<String> parts(byte[] raw) throws ArchiveException {
        String name = text(raw);
        String shown = shown(name);
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new ArchiveException("an entry's name is empty or longer than " + LONGEST + " characters: " + shown);
        }
        if (name.indexOf('\\') >= 0) {
            throw new ArchiveException("the entry " + shown + " has a backslash in its name; pack with a tool that "
                    + "writes forward slashes");
        }
        if (name.startsWith("/") || DRIVE.matcher(name).find()) {
            throw new ArchiveException("the entry " + shown + " has an absolute name");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new ArchiveException("the entry " + shown + " has a control character in its name");
        }
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        List<String> parts = List.of(path.split("/", -1));
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new ArchiveException("the entry " + shown + " has '" + part + "' as a part of its name");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
                throw new ArchiveException("the entry " + shown + " has a part longer than " + LONGEST_PART
                        + " bytes in its name");
            }
        }
        return parts;
    }

    private static String text(byte[] raw) throws ArchiveException {
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(raw)).toString();
        } catch (CharacterCodingException e) {
            throw new ArchiveException("the name of an entry is not valid UTF-8: "
                    + shown(new String(raw, StandardCharsets.UTF_8)));
        }
    }

    /** Short and printable. */
    static String shown(String name) {
        String cut = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
