package dev.coxswain.executors.function;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The document of a success: {@code {"result": …, "exitCode": …}}, with {@code "truncated": true} when something was cut. */
final class ResultText {
    /** The longest result (contract coderunner 9). */
    static final int MOST_BYTES = 1 << 20;
    /** How deep a result may be nested: whoever shows it nests it deeper, and readers and writers of JSON take 500. */
    static final int MOST_DEPTH = 400;
    /** Reads what user code says. */
    static final JsonMapper READER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH + 1).build()).build())
            .build();
    /** Says nothing. */
    static final JsonNode NOTHING = MissingNode.getInstance();

    private final JsonMapper mapper;

    ResultText(JsonMapper mapper) {
        this.mapper = mapper;
    }

    String of(JsonNode result, boolean truncated, @Nullable Integer exitCode) {
        ObjectNode document = mapper.createObjectNode();
        document.set("result", result.isMissingNode() ? mapper.nullNode() : result);
        document.put("exitCode", exitCode);
        if (truncated) {
            document.put("truncated", true);
        }
        return mapper.writeValueAsString(document);
    }

    /** Of a program: its output, as JSON when it is that, else as text. */
    String ofOutput(Output output, int exitCode) {
        String text = output.text();
        if (output.truncated()) {
            return of(mapper.stringNode(text), true, exitCode);
        }
        JsonNode parsed = text.isBlank() ? mapper.nullNode() : parsed(text);
        return of(parsed == null ? mapper.stringNode(text) : parsed, false, exitCode);
    }

    /** Of a script: the last line of its output that is JSON; null when there is none. */
    String ofLastLine(Output output, int exitCode) {
        List<String> lines = output.text().lines().filter(line -> !line.isBlank()).toList();
        for (String line : lines.reversed()) {
            JsonNode parsed = parsed(line);
            if (parsed != null) {
                return of(parsed, false, exitCode);
            }
        }
        return of(mapper.nullNode(), false, exitCode);
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            return READER.readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** What a program wrote, as far as a result may go. */
    static final class Output {
        private final boolean end;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean truncated;

        /** @param end whether the end is kept and not the beginning */
        Output(boolean end) {
            this.end = end;
        }

        void add(byte[] more) {
            if (end) {
                keepEnd(more);
                return;
            }
            int fits = Math.min(more.length, MOST_BYTES - bytes.size());
            bytes.write(more, 0, fits);
            truncated |= fits < more.length;
        }

        /** Up to twice as much, so that not every piece moves all that is there. */
        private void keepEnd(byte[] more) {
            bytes.writeBytes(more);
            if (bytes.size() > 2 * MOST_BYTES) {
                byte[] all = bytes.toByteArray();
                bytes.reset();
                bytes.write(all, all.length - MOST_BYTES, MOST_BYTES);
            }
        }

        /** Nobody will ask for it. */
        void forget() {
            bytes.reset();
        }

        boolean truncated() {
            return truncated;
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
