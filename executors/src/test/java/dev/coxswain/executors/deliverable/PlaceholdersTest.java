package dev.coxswain.executors.deliverable;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class PlaceholdersTest {
    @ParameterizedTest
    @CsvSource({"{{artifact:chart:a}},chart:a", "{{ Artifact : CHART : a b }},chart:a b",
            "{{\u00a0artifact:svg:\ufeffa}},svg:a", "x{{artifact:file:a/b.md}}y,file:a/b.md",
            "{{{{artifact:list:{x}},list:{x", "{{artifact:checklist:a:b}},checklist:a:b"})
    void itsFormIsWide(String message, String found) {
        assertThat(Placeholders.in(message)).extracting(Placeholder::toString).containsExactly(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{artifact:dataset:a}}", "{{artifact:chart: }}", "{{artifact:chart:}}",
            "{{artifact:chart}}", "{artifact:chart:a}", "{{artifact:chart:a}", "{{artifact:chart:a} }",
            "{{artefact:chart:a}}", "{{\u0085artifact:chart:a}}"})
    void anythingElseIsText(String message) throws Exception {
        assertThat(Placeholders.in(message)).isEmpty();
        assertThat(Placeholders.rewrite(message, Deliverables.none())).isEqualTo(message);
        assertThat(Answer.of(message, Deliverables.none()).assistantMessage()).isEqualTo(message);
    }

    @Test
    void anIdThatIsCutIsCitedAsItWasGiven() throws Exception {
        String id = "i".repeat(70);
        Deliverables one = Samples.all(Samples.read(Kind.LIST, "{'id':'" + id + "','kind':'list','items':['x']}"));

        assertThat(Answer.of("{{artifact:list:" + id + "}}", one).assistantMessage())
                .isEqualTo("{{artifact:list:" + "i".repeat(64) + "}}");
    }

    @Test
    void whatIsMissingIsToldOnceAndInOrder() throws Exception {
        Deliverables one = Samples.all(Samples.read(Kind.SVG, Samples.right(Kind.SVG)));

        assertThat(Placeholders.missing(
                "{{artifact:list:B}}{{artifact:svg:S}}{{artifact:list:b}}{{artifact:chart:s}}", one))
                .isEqualTo(List.of(new Placeholder(Kind.LIST, "B"), new Placeholder(Kind.CHART, "s")));
    }

    @Test
    void manyOpenBracesCostNoTimeWorthMentioning() {
        assertThat(Placeholders.in("{{artifact:chart:".repeat(1_400))).isEmpty();
        assertThat(Placeholders.in("{{  ".repeat(6_000))).isEmpty();
    }

    @Property(tries = 150)
    void aPlaceholderIsReadAsItIsWritten(@ForAll Kind kind, @ForAll("references") String reference,
            @ForAll("texts") String before, @ForAll("texts") String after) {
        Placeholder placeholder = new Placeholder(kind, reference);

        assertThat(Placeholders.in(before + placeholder.text() + after)).containsExactly(placeholder);
    }

    @Property(tries = 150)
    void rewritingTwiceIsRewritingOnce(@ForAll("texts") String name, @ForAll("texts") String text) throws Exception {
        Deliverables one = Samples.all(Samples.read(Kind.FILE, "{'name':'x y.md','content':'x'}"));
        String message = text + "{{artifact:file:" + name + "}} {{artifact:file: x y.md }}";

        String rewritten = Placeholders.rewrite(message, one);

        assertThat(rewritten).endsWith("{{artifact:file:x_y.md}}");
        assertThat(Placeholders.rewrite(rewritten, one)).isEqualTo(rewritten);
    }

    @Provide
    Arbitrary<String> references() {
        return Arbitraries.strings().ascii().excludeChars('}').ofMinLength(1).ofMaxLength(40).map(JsText::trim)
                .filter(text -> !text.isEmpty());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().ascii().excludeChars('}', '{').ofMaxLength(30);
    }
}
