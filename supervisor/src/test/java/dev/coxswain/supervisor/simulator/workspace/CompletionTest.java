package dev.coxswain.supervisor.simulator.workspace;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract xenonflare-workspace 6 and 7, by number. Entries are written with single quotes. */
class CompletionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"files|{'name':'a/b/c/d/e.md','content':' '}",
            "files|{'name':'etc/p.TXT','content':'x'}", "files|{'name':'.md','content':'x'}",
            "charts|{'id':'any thing ä','kind':'bar','title':'','labels':['A','A'],'series':[{'name':'s','values':[-1,1e3]}],'orientation':'horizontal'}",
            "charts|{'id':'c','kind':'stacked_bar','labels':['A'],'series':[{'name':'s','values':[0]},{'name':'s','values':[1]}]}",
            "charts|{'id':'c','kind':'area','labels':['A'],'series':[{'name':'s','values':[-2.5]}]}",
            "charts|{'id':'c','kind':'pie','segments':[{'label':'a','value':-1},{'label':'b','value':0}]}",
            "charts|{'id':'c','kind':'scatter','series':[{'name':'s','points':[{'x':1,'y':2},{'x':1,'y':2,'label':'p'}]}]}",
            "datasets|{'id':'any thing','kind':'table','columns':['a','a'],'rows':[]}",
            "datasets|{'id':'t','kind':'table','columns':['a','b'],'rows':[['','  x ']]}",
            "svgs|{'id':'s-1','content':'<svg font-size=`1`>rate = 3%</svg>'}",
            "svgs|{'id':'s','content':'<svg><objectx/><scripts/>on = 1</svg>'}",
            "lists|{'id':'l','kind':'list','ordered':true,'items':['a']}",
            "checklists|{'id':'c','kind':'checklist','items':[{'id':'a','label':'x','checked':false}]}"})
    void whatFitsPasses(String slice, String entry) {
        assertThatCode(() -> Completion.check(body("", slice, entry))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"files|{'name':'a/b/c/d/e/f.md','content':'x'}",
            "files|{'name':'my doc.md','content':'x'}", "files|{'name':'../p.md','content':'x'}",
            "files|{'name':'/p.md','content':'x'}", "files|{'name':'a\\\\b.md','content':'x'}",
            "files|{'name':'_a.md','content':'x'}", "files|{'name':'a.html','content':'x'}",
            "files|{'name':'über.md','content':'x'}", "files|{'name':'a.md','content':''}",
            "files|{'name':'a.md','content':'x'},{'name':'A.md','content':'y'}",
            "files|{'name':'a.md','content':'x','type':'y'}", "files|{'name':'a.md','content':'\\ud83d'}",
            "charts|{'id':' ','kind':'pie','segments':[{'label':'a','value':1}]}",
            "charts|{'id':'c','kind':'donut','segments':[{'label':'a','value':1}]}",
            "charts|{'id':'c','kind':'pie','segments':[]}",
            "charts|{'id':'c','kind':'pie','segments':[{'label':'a','value':'1'}]}",
            "charts|{'id':'c','kind':'pie','segments':[{'label':'a','value':1e999}]}",
            "charts|{'id':'c','kind':'pie','title':' t','segments':[{'label':'a','value':1}]}",
            "charts|{'id':'c','kind':'pie','segments':[{'label':'a','value':1}]},{'id':'C','kind':'pie','segments':[{'label':'a','value':1}]}",
            "charts|{'id':'c','kind':'bar','labels':['a',''],'series':[{'name':'s','values':[1,2]}]}",
            "charts|{'id':'c','kind':'bar','labels':['a',2024],'series':[{'name':'s','values':[1,2]}]}",
            "charts|{'id':'c','kind':'bar','labels':['a'],'series':[{'name':'s','values':[1,2]}]}",
            "charts|{'id':'c','kind':'bar','labels':['a'],'series':[{'name':' ','values':[1]}]}",
            "charts|{'id':'c','kind':'bar','labels':['a'],'series':[]}",
            "charts|{'id':'c','kind':'bar','labels':['a'],'series':[{'name':'s','values':[1]}],'orientation':null}",
            "charts|{'id':'c','kind':'line','labels':['a'],'series':[{'name':'s','values':[1]}],'orientation':'vertical'}",
            "charts|{'id':'c','kind':'stacked_bar','labels':['a'],'series':[{'name':'s','values':[-1]}]}",
            "charts|{'id':'c','kind':'scatter','series':[{'name':'s','points':[{'x':1}]}]}",
            "charts|{'id':'c','kind':'scatter','series':[{'name':'s','points':[]}]}",
            "datasets|{'id':'t','kind':'dataset','columns':['a'],'rows':[]}",
            "datasets|{'id':'t','kind':'table','columns':[],'rows':[]}",
            "datasets|{'id':'t','kind':'table','columns':['\\u00a0'],'rows':[]}",
            "datasets|{'id':'t','kind':'table','columns':['a'],'rows':[['x','y']]}",
            "datasets|{'id':'t','kind':'table','columns':['a'],'rows':[[1]]}",
            "svgs|{'id':'a b','content':'<svg/>'}", "svgs|{'id':'s','content':'<SVG/>'}",
            "svgs|{'id':'s','kind':'svg','content':'<svg/>'}", "svgs|{'id':'s','content':' <svg/>'}",
            "svgs|{'id':'s','content':'<svg><SCRIPT/></svg>'}", "svgs|{'id':'s','content':'<svg>JavaScript:x</svg>'}",
            "svgs|{'id':'s','content':'<svg><foreignObject></svg>'}",
            "svgs|{'id':'s','content':'<svg>conversion = 3%</svg>'}",
            "svgs|{'id':'s','content':'<svg contentStyleType=1>'}", "svgs|{'id':'s','content':'<svg ONload\\u00a0=1>'}",
            "lists|{'id':'l','kind':'list','items':[]}", "lists|{'id':'l','kind':'list','items':[' ']}",
            "lists|{'id':'l','kind':'list','ordered':false,'items':['a']}",
            "checklists|{'id':'c','kind':'checklist','items':[{'id':'a','label':'x'}]}",
            "checklists|{'id':'c','kind':'checklist','items':[{'id':'a','label':'x','checked':true},{'id':'A','label':'x','checked':true}]}"})
    void whatDoesNotFitIsRefusedWithItsSlice(String slice, String entry) {
        assertThatThrownBy(() -> Completion.check(body("m", slice, entry))).isInstanceOf(RefusedException.class)
                .message().startsWith(slice + "[");
    }

    @ParameterizedTest
    @CsvSource({"files,24", "charts,12", "datasets,8", "svgs,8", "lists,12", "checklists,8"})
    void eachSliceHasItsCap(String slice, int cap) {
        assertThatCode(() -> Completion.check(body("", slice, many(slice, cap)))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Completion.check(body("", slice, many(slice, cap + 1))))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"see {{artifact:file:a.md}}", "see {{ Artifact : FILE : A.MD }}",
            "see {{artifact:dataset:a}}", "see {{artifact:table: }}", "see {artifact:table:x}"})
    void aMessageMayCiteWhatIsThere(String message) {
        assertThatCode(() -> Completion.check(body(message, "files", "{'name':'a.md','content':'x'}")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"see {{artifact:file:b.md}}", "see {{artifact:table:a.md}}", "''"})
    void aMessageThatCitesWhatIsNotThereOrSaysNothingIsRefused(String message) {
        String entry = message.isEmpty() ? "" : "{'name':'a.md','content':'x'}";

        assertThatThrownBy(() -> Completion.check(body(message, "files", entry))).isInstanceOf(RefusedException.class)
                .message().startsWith("assistantMessage");
    }

    @Test
    void textsHaveTheirCapsAndACutMayLeaveABlankAtTheEnd() {
        assertThatCode(() -> Completion.check(body("x".repeat(24_000), "lists", list("x".repeat(511) + " "))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Completion.check(body("x".repeat(24_001), "lists", list("x"))))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Completion.check(body("x", "lists", list("x".repeat(513)))))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Completion.check(body("x", "lists", list("x "))))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void everyArrayIsThereAndNothingElse() {
        assertThatThrownBy(() -> Completion.check(read("{'workspaceId':'w','assistantMessage':'m'}")))
                .isInstanceOf(RefusedException.class).message().startsWith("files");
        assertThatThrownBy(() -> Completion.check(body("m", "tables", ""))).isInstanceOf(RefusedException.class)
                .message().startsWith("body");
    }

    private static String list(String item) {
        return "{'id':'l','kind':'list','items':['" + item + "']}";
    }

    private static String many(String slice, int count) {
        String entry = switch (slice) {
            case "files" -> "{'name':'f#.md','content':'x'}";
            case "charts" -> "{'id':'c#','kind':'pie','segments':[{'label':'a','value':1}]}";
            case "datasets" -> "{'id':'t#','kind':'table','columns':['a'],'rows':[]}";
            case "svgs" -> "{'id':'s#','content':'<svg/>'}";
            case "lists" -> "{'id':'l#','kind':'list','items':['a']}";
            default -> "{'id':'c#','kind':'checklist','items':[{'id':'a','label':'x','checked':true}]}";
        };
        return IntStream.range(0, count).mapToObj(i -> entry.replace("#", String.valueOf(i)))
                .collect(Collectors.joining(","));
    }

    private static JsonNode body(String message, String slice, String entries) {
        StringBuilder body = new StringBuilder("{'workspaceId':'w','assistantMessage':'").append(message).append('\'');
        for (String each : new String[]{"files", "charts", "datasets", "svgs", "lists", "checklists"}) {
            if (!each.equals(slice)) {
                body.append(",'").append(each).append("':[]");
            }
        }
        return read(body.append(",'").append(slice).append("':[").append(entries).append("]}").toString());
    }

    private static JsonNode read(String text) {
        return Json.read(text.replace('\'', '"').replace("`", "\\\"").getBytes(StandardCharsets.UTF_8));
    }
}
