package dev.coxswain.supervisor.config;

/** The reference of {@code fleet.yaml} as Markdown; made from the declared keys. */
public final class KeyReference {
    private static final String HEAD = """
            # Reference of `fleet.yaml`

            This file is made from the code; a test fails when it is stale. `cox check -c fleet.yaml` checks a file without starting anything.

            - **Durations** are `500ms`, `5s`, `30m`, `2h`; **sizes** are `512B`, `64KiB`, `64MiB`, `4GiB`, `1TiB`; **listen addresses** are `127.0.0.1:8710` or `[::1]:0`.
            - **Relative file names** in the file are taken from the file's own folder. A program without a slash is looked for in `PATH`.
            - **`${NAME}`** puts in a variable of the environment, **`${file:PATH}`** the text of a file without the line ends at its end; `$${` stands for a literal `${`. Both work in any value. Inside `{ }` and `[ ]` YAML wants quotes around them.
            - **Credentials**: each pool needs at least one. The same credential twice in a pool, or in two pools of one protocol, is an error. A runner is named after its pool and a fingerprint of its credential.
            - Unknown keys, keys given twice, names that lead nowhere, and keys and words of a later version are errors. A file of secrets that everybody on the host can read is a warning, and an error with `--strict`.

            | key | type | default | meaning |
            |---|---|---|---|
            """;

    private KeyReference() {}

    /** The whole page, ending with a line end. */
    public static String generate() {
        StringBuilder page = new StringBuilder(HEAD);
        rows(page, "", FleetKeys.Root.ALL);
        return page.toString();
    }

    private static void rows(StringBuilder page, String parent, ConfigKeys keys) {
        for (ConfigKey<?> key : keys.keys()) {
            String path = parent + key.name();
            String preset = key.required() ? "**required**" : quoted(key.preset());
            page.append("| `").append(path).append("` | ").append(key.shape().title().replaceFirst("^a ", ""))
                    .append(" | ").append(preset)
                    .append(" | ").append(key.meaning().replace("|", "\\|")).append(words(key)).append(" |\n");
            ConfigKeys below = key.shape().below();
            if (below != null) {
                rows(page, path + key.shape().step() + ".", below);
            }
        }
    }

    /** The closed list of words, if there is one, out of the schema. */
    private static String words(ConfigKey<?> key) {
        var words = key.shape().schema().path("enum");
        if (words.isMissingNode()) {
            return "";
        }
        StringBuilder text = new StringBuilder(": ");
        words.forEach(word -> text.append(text.length() > 2 ? ", `" : "`").append(word.asString()).append('`'));
        return text.toString();
    }

    private static String quoted(String preset) {
        return preset.isEmpty() || preset.contains(" ") || preset.contains("`") ? preset : "`" + preset + "`";
    }
}
