package dev.coxswain.executors.function;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What package.json says of how the code is run.
 *
 * @param main the file that it names; null when it names none
 * @param dependencies whether there are any
 */
record PackageFile(@Nullable String main, boolean dependencies) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MOST_BYTES = 1 << 20;

    /** Of a folder; says nothing when it has none. Blocks. */
    static PackageFile read(Path folder) throws FunctionCodeException {
        Path file = folder.resolve("package.json");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new PackageFile(null, false);
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new FunctionCodeException("package.json is longer than 1 MiB");
            }
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw new FunctionCodeException("package.json is no JSON object");
            }
            String main = root.path("main").asString("").strip();
            return new PackageFile(main.isEmpty() ? null : main, !root.path("dependencies").isEmpty());
        } catch (JacksonException e) {
            throw new FunctionCodeException("package.json is not valid JSON, line " + e.getLocation().getLineNr(), e);
        } catch (IOException e) {
            throw new FunctionCodeException("package.json can't be read", e);
        }
    }
}
