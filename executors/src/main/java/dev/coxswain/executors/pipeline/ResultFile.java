package dev.coxswain.executors.pipeline;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what the command left. Only the form is checked here, in one pass without a tree in memory; the meaning is the
 * control plane's. Messages name the place and never quote the file: it may hold what is not to be read by others.
 */
final class ResultFile {
    static final String NAME = PipelineWorkload.OUTPUT_FOLDER + "/result.json";
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final JsonMapper mapper;

    ResultFile(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Emits the job's result: succeeded with the file as written, or failed with what is wrong with it. */
    Mono<JobResult> read(Workspace workspace) {
        return workspace.read(NAME, MAX_BYTES).map(this::check)
                .switchIfEmpty(Mono.fromSupplier(() -> failed(
                        "is missing: the command ended with exit code 0 and left no result in $COX_OUTPUT_DIR")))
                .onErrorResume(WorkspaceException.class, e -> Mono.just(
                        failed("can't be used; expected is a regular file of at most 8 MiB: " + e.getMessage())));
    }

    private JobResult check(byte[] content) {
        if (content.length == 0) {
            return failed("is empty; expected is one JSON object");
        }
        CharBuffer text = CharBuffer.allocate(content.length);
        ByteBuffer rest = ByteBuffer.wrap(content);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult decoded = decoder.decode(rest, text, true);
        if (decoded.isError()) {
            return failed("is not UTF-8 at byte " + (rest.position() + 1));
        }
        String document = text.flip().toString();
        if (document.charAt(0) == '\uFEFF') {
            return failed("begins with a byte order mark; expected is one JSON object in plain UTF-8");
        }
        return parse(document);
    }

    private JobResult parse(String document) {
        try (JsonParser parser = mapper.createParser(document)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return failed("is empty; expected is one JSON object");
            }
            if (first != JsonToken.START_OBJECT) {
                return failed("holds something else than a JSON object" + at(parser.currentTokenLocation()));
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                return failed("holds more than one JSON object" + at(parser.currentTokenLocation()));
            }
            return new JobResult.Succeeded(document, PipelineWorkload.OUTPUT_FOLDER);
        } catch (UnexpectedEndOfInputException e) {
            return failed("is no complete JSON object; it ends" + at(e.getLocation()));
        } catch (StreamConstraintsException e) {
            return failed("is nested too deeply or holds too long a number or name" + at(e.getLocation()));
        } catch (JacksonException e) {
            return failed("is not valid JSON" + at(e.getLocation()));
        }
    }

    /** A limit that is overstepped comes without its place. */
    private static String at(@Nullable TokenStreamLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static JobResult failed(String what) {
        return new JobResult.Failed(NAME + " " + what);
    }
}
