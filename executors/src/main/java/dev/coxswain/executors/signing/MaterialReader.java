package dev.coxswain.executors.signing;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads signing material (contract oore-ci 8): {@code {"debug"?: P, "release"?: P}}. Field by field from the bytes, so that
 * a keystore is never a text that nobody can overwrite. No message quotes anything of it.
 */
final class MaterialReader {
    /** Two keystores of the longest kind in Base64, and what stands around them. */
    static final int MOST_BYTES = 16 << 20;
    static final int MOST_TEXT = 1024;

    private final JsonMapper mapper;

    MaterialReader(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Fails with a {@link WorkspaceException}. */
    AndroidMaterial read(byte[] json) {
        if (json.length > MOST_BYTES) {
            throw bad("it is longer than " + MOST_BYTES + " bytes");
        }
        Map<Variant, SigningProfile> profiles = new EnumMap<>(Variant.class);
        boolean whole = false;
        try (JsonParser parser = mapper.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw bad("it is no JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                profile(parser, profiles);
            }
            if (parser.nextToken() != null) {
                throw bad("something follows it");
            }
            whole = true;
            return new AndroidMaterial(profiles);
        } catch (JacksonException e) {
            // not the cause: its message quotes the text
            throw bad("it is no JSON of the form that was agreed");
        } finally {
            if (!whole) {
                profiles.values().forEach(profile -> Arrays.fill(profile.keystore(), (byte) 0));
            }
        }
    }

    private static void profile(JsonParser parser, Map<Variant, SigningProfile> profiles) {
        Variant variant = variant(parser.currentName());
        JsonToken value = parser.nextToken();
        if (variant == null || value == JsonToken.VALUE_NULL) {
            parser.skipChildren();
            return;
        }
        if (value != JsonToken.START_OBJECT) {
            throw bad(variant.wire() + " is no object");
        }
        if (profiles.containsKey(variant)) {
            throw bad(variant.wire() + " is there twice");
        }
        profiles.put(variant, new ProfileReader(variant.wire()).read(parser));
    }

    private static @Nullable Variant variant(String name) {
        return Arrays.stream(Variant.values()).filter(variant -> variant.wire().equals(name)).findFirst().orElse(null);
    }

    static WorkspaceException bad(String why) {
        return new WorkspaceException("the signing material from the control plane can't be used: " + why);
    }

    /** Reads one profile. */
    private static final class ProfileReader {
        private final String name;
        private final KeystoreBytes decoded = new KeystoreBytes();
        private final Map<String, String> texts = new java.util.HashMap<>();
        private byte @Nullable [] keystore;
        private boolean enabled;

        ProfileReader(String name) {
            this.name = name;
        }

        SigningProfile read(JsonParser parser) {
            boolean whole = false;
            try {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    field(parser);
                }
                SigningProfile profile = made();
                whole = true;
                return profile;
            } catch (KeystoreBytes.TooLongException e) {
                throw bad(name + ".keystore_base64 is longer than " + KeystoreBytes.MOST + " bytes");
            } finally {
                decoded.wipe();
                if (!whole && keystore != null) {
                    Arrays.fill(keystore, (byte) 0);
                }
            }
        }

        private void field(JsonParser parser) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "keystore_base64" -> {
                    ask(value == JsonToken.VALUE_STRING && keystore == null, field, "is no text, or there twice");
                    parser.readBinaryValue(Base64Variants.MIME_NO_LINEFEEDS, decoded);
                    keystore = decoded.take();
                }
                case "enabled" -> enabled = value == JsonToken.VALUE_TRUE;
                case "build_type", "keystore_filename", "store_password", "key_alias", "key_password" -> {
                    ask(value == JsonToken.VALUE_STRING, field, "is no text");
                    String text = parser.getString();
                    ask(text.length() <= MOST_TEXT, field, "is longer than " + MOST_TEXT + " characters");
                    // no process can be given a NUL, and what is cut into lines can't be masked
                    ask(text.chars().noneMatch(Character::isISOControl), field, "has a control character");
                    ask(texts.put(field, text) == null, field, "is there twice");
                }
                default -> parser.skipChildren();
            }
        }

        private SigningProfile made() {
            ask(enabled, "enabled", "is not true");
            ask(text("build_type").equals(name), "build_type", "is that of another profile");
            text("keystore_filename"); // must be there; a name from elsewhere is used for nothing
            byte[] store = keystore;
            if (store == null || store.length == 0) {
                throw bad(name + ".keystore_base64 is missing or empty");
            }
            String password = filled("store_password");
            String alias = filled("key_alias");
            // the signers would take it for an option, or for a file of options
            ask(!alias.startsWith("-") && !alias.startsWith("@"), "key_alias", "begins with - or @");
            String own = text("key_password");
            return new SigningProfile(store, password, alias, own.isEmpty() ? password : own);
        }

        private String filled(String field) {
            String text = text(field);
            ask(!text.isEmpty(), field, "is empty");
            return text;
        }

        private String text(String field) {
            String text = texts.get(field);
            if (text == null) {
                throw bad(name + "." + field + " is missing");
            }
            return text;
        }

        private void ask(boolean holds, String field, String otherwise) {
            if (!holds) {
                throw bad(name + "." + field + " " + otherwise);
            }
        }
    }
}
