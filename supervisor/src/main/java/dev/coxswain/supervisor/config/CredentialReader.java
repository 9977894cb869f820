package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.FleetKeys.Credentials;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;

/** Reads the pools' credentials from file, environment and values, and finds those that stand in two places. */
final class CredentialReader {
    /** Enough for 100,000 runners with tokens of 160 characters. */
    private static final int MAX_FILE_BYTES = 16 << 20;
    private static final String RUNNER_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    private final Reader reader;
    private final Map<String, String> environment;
    private final Set<Secret> secrets;
    private final Map<Used, Found> used = new HashMap<>();

    CredentialReader(Reader reader, Map<String, String> environment, Set<Secret> secrets) {
        this.reader = reader;
        this.environment = environment;
        this.secrets = secrets;
    }

    private record Used(ProtocolRules protocol, Secret token) {}

    private record Found(Secret token, @Nullable String id, Place place, String key, String pool) {}

    /** The pool's credentials, without those that were refused. */
    List<Credential> read(Section section, Place place, String pool, ProtocolRules protocol) {
        List<Found> found = new ArrayList<>();
        int refused = file(section, pool, protocol, found) + variable(section, pool, protocol, found);
        List<Shapes.Held<String>> values = section.find(Credentials.VALUES);
        if (values != null) {
            for (Shapes.Held<String> held : values) {
                refused += add(held.value().strip(), protocol, held.place(), held.path(), pool, found);
            }
            if (section.anyWritten(Credentials.VALUES, text -> !text.contains("${")) && reader.isWorldReadable()) {
                section.warn(Credentials.VALUES, "everybody on this host can read this file",
                        "chmod 600 it, or use credentials.file");
            }
        }
        boolean valuesWrong = section.anyWritten(Credentials.VALUES, text -> true);
        if (found.isEmpty() && refused == 0 && !valuesWrong && !section.isBroken()) {
            reader.problems().error(place, section.path(), "hold no credential",
                    "a runner needs one: use file, env or values");
        }
        return runners(found, pool, protocol);
    }

    private List<Credential> runners(List<Found> found, String pool, ProtocolRules protocol) {
        List<Credential> credentials = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Found next : found) {
            Found first = used.putIfAbsent(new Used(protocol, next.token()), next);
            if (first != null) {
                String where = first.pool().equals(pool) ? "" : "pool " + first.pool() + ", ";
                reader.problems().error(next.place(), next.key(),
                        "the same credential stands in " + where + first.place(),
                        "one credential is one runner");
                continue;
            }
            secrets.add(next.token());
            String name = pool + "-" + next.token().fingerprint();
            if (!names.add(name)) {
                // among 100,000 tokens two short fingerprints are probably alike
                name = pool + "-" + next.token().fingerprint(16);
            }
            credentials.add(new Credential(name, next.token(), next.id()));
        }
        return credentials;
    }

    /** Adds the file's tokens; returns how many problems it had. */
    private int file(Section section, String pool, ProtocolRules protocol, List<Found> found) {
        Path file = section.secretFile(Credentials.FILE);
        if (file == null) {
            return section.isWritten(Credentials.FILE) ? 1 : 0;
        }
        String text;
        try {
            text = TextFile.read(file, MAX_FILE_BYTES);
        } catch (Refused e) {
            section.refuse(Credentials.FILE, file + ": " + e.text(), e.hint());
            return 1;
        }
        if (TextFile.isWorldReadable(file)) {
            section.warn(Credentials.FILE, "everybody on this host can read " + file, "chmod 600 it");
        }
        int refused = 0;
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            String credential = line.strip();
            if (credential.isEmpty() || credential.startsWith("#")) {
                continue;
            }
            Place place = new Place(file.toString(), number, line.indexOf(credential) + 1);
            refused += add(credential, protocol, place, section.path(Credentials.FILE), pool, found);
        }
        return refused;
    }

    private int variable(Section section, String pool, ProtocolRules protocol, List<Found> found) {
        String name = section.find(Credentials.ENV);
        if (name == null) {
            return section.isWritten(Credentials.ENV) ? 1 : 0;
        }
        String value = environment.get(name);
        if (value == null) {
            section.refuse(Credentials.ENV, "this environment variable is not set",
                    Suggestion.didYouMean(name, environment.keySet()));
            return 1;
        }
        int refused = 0;
        List<String> words = Arrays.stream(value.split("[\\s,]+")).filter(word -> !word.isEmpty()).toList();
        int each = protocol.withIds() ? 2 : 1;
        for (int i = 0; i < words.size(); i += each) {
            refused += add(String.join(" ", words.subList(i, Math.min(words.size(), i + each))), protocol,
                    section.place(Credentials.ENV), section.path(Credentials.ENV), pool, found);
        }
        return refused;
    }

    private int add(String credential, ProtocolRules protocol, Place place, String key, String pool,
            List<Found> found) {
        try {
            String[] words = protocol.withIds() ? credential.split("\\s+") : new String[]{credential};
            if (words.length != (protocol.withIds() ? 2 : 1)) {
                reader.problems().error(place, key, "a credential of " + protocol.protocol() + " is two words",
                        "<runnerId> <token>, as cox register " + protocol.protocol() + " writes them");
                return 1;
            }
            String id = protocol.withIds() ? words[0] : null;
            if (id != null && !id.matches(RUNNER_ID)) {
                reader.problems().error(place, key, "the first word of a credential is no runner id",
                        "<runnerId> <token>: letters, digits, dots and dashes, at most 100; then the token");
                return 1;
            }
            found.add(new Found(new Secret(Values.secret(words[words.length - 1])), id, place, key, pool));
            return 0;
        } catch (Refused e) {
            reader.problems().error(place, key, "a credential " + e.text(), "write each one by itself");
            return 1;
        }
    }
}
