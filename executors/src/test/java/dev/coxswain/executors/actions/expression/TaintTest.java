package dev.coxswain.executors.actions.expression;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A stranger's text reaches a script as a variable, whatever way it took through an expression (trap 29). */
class TaintTest {
    @ParameterizedTest
    @ValueSource(strings = {"github.event.title", "shithub.event['title']", "GitHub.Event.TITLE", "env.TITLE",
            "github.event.labels[0].name", "github.event.labels.*.name", "github.*.title", "github['event']['title']",
            "github[format('{0}', 'event')].title", "format('x {0}', github.event.title)",
            "join(github.event.labels.*.name)",
            "toJSON(github)", "toJSON(github.event)", "toJSON(env)", "fromJSON(github.event.wicked.json).wicked[1]",
            "fromJSON(toJSON(github)).event.title", "github.event.title || 'x'", "'x' && github.event.title",
            "github.event.nothing || env.TITLE", "(github.event).title",
            "fromJSON(format('[{0}]', toJSON(github.event)))[0].title",
            "env[env.nothing || 'TITLE']", "github.event.number", "github.event.title == 'x'", "!github.event.title",
            "github.event.nothing", "github.event.title && 'a' || 'b'", "vars[github.event.key]",
            "contains(env.TITLE, 'x')",
            "fromJSON('[1,2,3]')[github.event.number]"})
    void whatDependsOnTheEventIsBound(String expression) {
        Template.Script script = Template.parse("echo ${{ " + expression + " }}").script(Worlds.context());

        assertThat(script.text()).isEqualTo("echo ${SHITHUB_INPUT_0}");
        assertThat(script.bound()).containsOnly(Map.entry("SHITHUB_INPUT_0", Worlds.text(expression)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"github.ref", "vars.region", "secrets.token", "env.PLAIN", "'x'", "1", "vars.nothing",
            "toJSON(vars)", "github.run_id == 42", "env.nothing", "vars.region && github.ref"})
    void whatTheRepositoryWroteIsPasted(String expression) {
        Template.Script script = Template.parse("echo ${{" + expression + "}}.").script(Worlds.context());

        assertThat(script.text()).isEqualTo("echo " + Worlds.text(expression) + ".");
        assertThat(script.bound()).isEmpty();
    }

    @Test
    void everyPlaceGetsAVariableOfItsOwn() {
        Template.Script script = Template
                .parse("${{ github.event.number }}${{vars.region}} '${{ github.event.title }}' ${{ github.event.number }}")
                .script(Worlds.context());

        assertThat(script.text()).isEqualTo("${SHITHUB_INPUT_0}eu-1 '${SHITHUB_INPUT_1}' ${SHITHUB_INPUT_2}");
        assertThat(List.copyOf(script.bound().keySet())).containsExactly("SHITHUB_INPUT_0", "SHITHUB_INPUT_1",
                "SHITHUB_INPUT_2");
        assertThat(script).hasToString("Script[[SHITHUB_INPUT_0, SHITHUB_INPUT_1, SHITHUB_INPUT_2]]");
    }

    @Test
    void aRenderedTextRemembersWhereItCameFrom() {
        assertThat(Template.parse("a ${{ github.event.title }}").text(Worlds.context()).tainted()).isTrue();
        assertThat(Template.parse("a ${{ vars.region }}").text(Worlds.context()))
                .isEqualTo(new Value.Text("a eu-1", false));
    }

    @Test
    void aValueIsNotReadAsATemplateAgain() {
        Context context = Worlds.context().with("vars",
                Value.fields(Map.of("a", Value.text("${{ secrets.token }} }}"))));

        assertThat(Template.parse("${{ vars.a }}").script(context).text()).isEqualTo("${{ secrets.token }} }}");
    }

    @Test
    void whatNoProcessCanBeGivenIsRefused() {
        Context context = Worlds.context().with("env", Value.fields(Map.of("N", Value.foreign("a\0b"))));

        assertThatThrownBy(() -> Template.parse("${{ env.N }}").script(context)).hasMessageContaining("NUL");
    }

    @Test
    void valuesAreInNoTextOfOurs() {
        assertThat(Worlds.context().toString()).doesNotContain("s3cret", Worlds.MARK);
        assertThat(Value.text("s3cret").toString()).doesNotContain("s3cret");
    }
}
