package dev.coxswain.executors.deliverable;

import java.util.List;

import org.jspecify.annotations.Nullable;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What our rules let through is what the control plane would make of it, whatever was given. */
class NormalFormTest {
    /** Blanks of both languages, halves and wholes of a surrogate pair, letters that change their case oddly. */
    private static final List<String> PIECES = List.of("a", "B", "_", "-", ".", "/", "\\", " ", "\t", "\u00a0",
            "\ufeff",
            "\u0085", "\u001c", "\ud83d", "\ude00", "\ud83d\ude00", "I", "İ", "ı", "é", "..", ".md", "long".repeat(20));

    @Property(tries = 200)
    void normalisingTwiceIsNormalisingOnce(@ForAll Kind kind, @ForAll("given") ObjectNode given) {
        ObjectNode sent = sent(kind, given);
        if (sent != null) {
            assertThat(sent(kind, sent)).isEqualTo(sent);
        }
    }

    @Property(tries = 200)
    void whatIsSentKeepsTheLimitsAndHasNoHalfACharacter(@ForAll Kind kind, @ForAll("given") ObjectNode given) {
        ObjectNode sent = sent(kind, given);
        if (sent != null) {
            check("", sent);
            assertThat(Samples.MAPPER.readTree(Samples.MAPPER.writeValueAsBytes(sent)).toString())
                    .isEqualTo(sent.toString());
        }
    }

    @Property(tries = 200)
    void aSafeNameIsSafeForGood(@ForAll("texts") String name) {
        String safe = SafeNames.safe(name);

        assertThat(SafeNames.safe(safe)).isEqualTo(safe);
        assertThat(safe).matches("(?:[A-Za-z0-9._-]{1,48}(?:/[A-Za-z0-9._-]{1,48})*)?");
        assertThat(safe.split("/")).doesNotContain(".", "..");
    }

    private static void check(String field, JsonNode sent) {
        if (sent.isString()) {
            int most = switch (field) {
                case "content" -> 64_000;
                case "title" -> 200;
                case "cell" -> 512;
                case "label" -> 320;
                case "name" -> 160;
                default -> 512;
            };
            assertThat(sent.stringValue()).hasSizeLessThanOrEqualTo(most).isEqualTo(JsText.whole(sent.stringValue()));
            if (field.equals("id")) {
                assertThat(sent.stringValue()).hasSizeBetween(1, 64).isEqualTo(JsText.trim(sent.stringValue()));
            }
        }
        if (sent instanceof ArrayNode array) {
            assertThat(array.size()).isLessThanOrEqualTo(80);
            array.forEach(element -> check("cell", element));
        }
        sent.properties().forEach(entry -> check(entry.getKey(), entry.getValue()));
    }

    private static @Nullable ObjectNode sent(Kind kind, JsonNode given) {
        try {
            ObjectNode typed = (ObjectNode) given.deepCopy();
            if (kind == Kind.TABLE || kind == Kind.LIST || kind == Kind.CHECKLIST) {
                typed.put("kind", kind.word());
            }
            if (kind == Kind.LIST && typed.has("labels")) {
                typed.set("items", typed.path("labels"));
            }
            return DeliverableReader.read(kind, "", typed).toJson();
        } catch (InvalidDeliverableException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(400);
            return null;
        }
    }

    /** An object with the fields of all kinds, so that each reads something. */
    @Provide
    Arbitrary<ObjectNode> given() {
        Arbitrary<List<String>> some = texts().list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(texts(), texts(), some, Arbitraries.doubles(),
                Arbitraries.of("bar", "stacked_bar", "line", "area", "pie", "scatter"),
                Arbitraries.of("a", "b-1", "  c_ "))
                .as((text, title, texts, number, kind, id) -> {
                    ObjectNode given = Samples.MAPPER.createObjectNode().put("name", text + ".md")
                            .put("content", "<svg>" + text).put("title", title).put("kind", kind)
                            .put("id", kind.equals("bar") ? text : id);
                    ArrayNode labels = given.putArray("labels");
                    texts.forEach(labels::add);
                    ObjectNode series = given.putArray("series").addObject().put("name", text + "x");
                    int usable = (int) texts.stream().filter(one -> !JsText.trim(one).isEmpty()).count();
                    ArrayNode values = series.putArray("values");
                    for (int i = 0; i < usable; i++) {
                        values.add(number);
                    }
                    series.putArray("points").addObject().put("x", number).put("y", 1).put("label", text);
                    given.putArray("segments").addObject().put("label", text + "x").put("value", number);
                    given.putArray("columns").add(text + "x").add("c");
                    given.putArray("rows").addArray().add(text).add(number);
                    given.putArray("items").addObject().put("id", id).put("label", text + "x");
                    return given;
                });
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(PIECES).list().ofMaxSize(9).map(pieces -> String.join("", pieces));
    }
}
