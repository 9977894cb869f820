package dev.coxswain.executors.function;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the process says on its channel; one JSON object a line. */
sealed interface ProcessMessage {
    /** 16 KiB as base64. */
    int LONGEST_PART = 22_000;
    /** As our programs cut it. */
    int LONGEST_ERROR = 1_000;
    /** Control and format characters, and other ends of lines. */
    Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+");
    /** How our programs begin a result. */
    Pattern RETURNED = Pattern.compile(
            "\\{\"is\":\"returned\",\"call\":(\\d{1,15}),\"truncated\":(?:true|false),\"marked\":(true|false),\"result\":");

    /** The call of this number reached it. */
    record Taken(long call) implements ProcessMessage {}

    /**
     * The code is loaded.
     *
     * @param handler whether it has a function to be called; else the file itself was the program
     */
    record Loaded(boolean handler) implements ProcessMessage {}

    /**
     * The result of the call comes in parts from now on.
     *
     * @param head a JSON text
     */
    record Streams(long call, String head) implements ProcessMessage {}

    /** The next bytes of the result. */
    @SuppressWarnings("ArrayRecordComponent")
    record Part(long call, byte[] bytes) implements ProcessMessage {}

    /**
     * A call is over.
     *
     * @param result a JSON value
     * @param truncated whether that is the beginning of its text only
     * @param marked whether the ends of both outputs are marked
     */
    record Returned(long call, JsonNode result, boolean truncated, boolean marked) implements ProcessMessage {}

    /**
     * The call failed.
     *
     * @param reason {@link Reason#HANDLER_ERROR} or {@link Reason#OUT_OF_MEMORY}
     * @param line the error's first line
     * @param last whether the process ends now; then its outputs have no mark
     */
    record Threw(long call, Reason reason, String line, boolean marked, boolean last) implements ProcessMessage {}

    /** No message of ours: the code wrote to the channel. */
    record Garbled() implements ProcessMessage {}

    /** Of one line. */
    static ProcessMessage read(String line) {
        JsonNode root;
        try {
            root = ResultText.READER.readTree(line);
        } catch (JacksonException e) {
            return unreadable(line);
        }
        long call = root.path("call").asLong(-1);
        return switch (root.path("is").asString("")) {
            case "taken" -> new Taken(call);
            case "loaded" -> new Loaded(root.path("handler").asBoolean(false));
            case "streams" -> new Streams(call, root.path("head").toString());
            case "part" -> part(call, root.path("bytes").asString(""));
            case "returned" -> new Returned(call, root.path("result"), root.path("truncated").asBoolean(false),
                    root.path("marked").asBoolean(false));
            case "threw" ->
                new Threw(call, root.path("reason").asString("").equals(Reason.OUT_OF_MEMORY.word())
                        ? Reason.OUT_OF_MEMORY
                        : Reason.HANDLER_ERROR, printable(root.path("line").asString("")),
                        root.path("marked").asBoolean(false), root.path("last").asBoolean(false));
            default -> new Garbled();
        };
    }

    /** It goes into logs and onto terminals, and is a stranger's. */
    private static String printable(String line) {
        String plain = UNPRINTABLE.matcher(line).replaceAll(" ");
        return plain.substring(0, Math.min(LONGEST_ERROR, plain.length()));
    }

    /** The code's result may be JSON that nobody would take: that is an answer, and no reason to wait for one. */
    private static ProcessMessage unreadable(String line) {
        Matcher head = RETURNED.matcher(line);
        return head.lookingAt()
                ? new Threw(Long.parseLong(head.group(1)), Reason.HANDLER_ERROR,
                        "the result can't be taken: it is nested too deeply, or has a number or a name that is too long",
                        head.group(2).equals("true"), false)
                : new Garbled();
    }

    /** As long as our programs make them; what is longer is not theirs. */
    private static ProcessMessage part(long call, String base64) {
        if (base64.length() > LONGEST_PART) {
            return new Garbled();
        }
        try {
            return new Part(call, Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return new Garbled();
        }
    }
}
