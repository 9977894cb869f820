package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.functions.CoderunnerException.Kind;

/** A first function, to be changed. Blocks. */
public final class Starter {
    private Starter() {}

    /**
     * Writes it into a folder, which is made when it is missing; nothing that is there is replaced.
     *
     * @return the file
     */
    public static Path write(Path folder, Language language) {
        Path file = folder.resolve(switch (language) {
            case NODEJS -> "index.mjs";
            case PYTHON -> "main.py";
            case DOTNET_SCRIPT -> "main.csx";
        });
        try {
            Files.createDirectories(folder);
            Files.writeString(file, switch (language) {
                case NODEJS -> """
                        export async function handler(payload, context) {
                          context.logger.info('called as', context.executionId);
                          return { hello: payload?.name ?? 'world' };
                        }
                        """;
                case PYTHON -> """
                        def handler(payload, context):
                            context.logger.info("called as %s", context.execution_id)
                            return {"hello": (payload or {}).get("name", "world")}
                        """;
                case DOTNET_SCRIPT -> """
                        using System.Text.Json;

                        var payload = JsonDocument.Parse(Console.In.ReadToEnd()).RootElement;
                        var name = payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("name", out var told)
                            ? told.GetString() : "world";
                        Console.WriteLine(JsonSerializer.Serialize(new { hello = name }));
                        """;
            }, StandardOpenOption.CREATE_NEW);
            return file;
        } catch (IOException e) {
            throw new CoderunnerException(Kind.USAGE, file + " can't be written (" + e.getClass().getSimpleName()
                    + "); is it there already?", 0, e);
        }
    }
}
