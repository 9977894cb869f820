package dev.coxswain.executors.deliverable;

import java.util.Collections;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract xenonflare-workspace 6: what is sent as given, what is changed, what is refused and how that is told. */
class DeliverableRulesTest {
    private static final String BAR = "{'id':'c','kind':'bar','labels':['A','B'],'series':[{'name':'s','values':[1,2]}]}";

    static Stream<Arguments> changed() {
        return Stream.of(
                changed(Kind.FILE, "{'name':' my doc.md ','content':' x '}", "{'name':'my_doc.md','content':' x '}"),
                changed(Kind.CHART, BAR,
                        "{'id':'c','kind':'bar','labels':['A','B'],'series':[{'name':'s','values':[1,2]}]}"),
                changed(Kind.CHART, BAR.replace("'id'", "'title':'  ','orientation':'horizontal','x':1,'id'"),
                        "{'id':'c','kind':'bar','title':'','labels':['A','B'],'series':[{'name':'s','values':[1,2]}],'orientation':'horizontal'}"),
                changed(Kind.CHART, BAR.replace("bar", "line").replace("'id'", "'title':7,'orientation':null,'id'")
                        .replace("1,2", "-1.5,1e3"),
                        "{'id':'c','kind':'line','labels':['A','B'],'series':[{'name':'s','values':[-1.5,1000]}]}"),
                changed(Kind.CHART, BAR.replace("bar", "stacked_bar").replace("1,2", "0,2"),
                        "{'id':'c','kind':'stacked_bar','labels':['A','B'],'series':[{'name':'s','values':[0,2]}]}"),
                changed(Kind.CHART, BAR.replace("bar", "area").replace("'c'", "' any id \u00a0'"),
                        "{'id':'any id','kind':'area','labels':['A','B'],'series':[{'name':'s','values':[1,2]}]}"),
                changed(Kind.CHART,
                        "{'id':'p','kind':'pie','segments':[{'label':' l ','value':-1},{'label':'m','value':0}]}",
                        "{'id':'p','kind':'pie','segments':[{'label':'l','value':-1},{'label':'m','value':0}]}"),
                changed(Kind.CHART,
                        "{'id':'p','kind':'scatter','series':[{'name':'n','points':[{'x':1,'y':2.5,'label':'a'},{'x':-0.5,'y':0,'label':9}]}]}",
                        "{'id':'p','kind':'scatter','series':[{'name':'n','points':[{'x':1,'y':2.5,'label':'a'},{'x':-0.5,'y':0}]}]}"),
                changed(Kind.TABLE, "{'id':'my table','kind':'table','columns':['A','A'],'rows':[[' x ',null]]}",
                        "{'id':'my table','kind':'table','columns':['A','A'],'rows':[[' x ','']]}"),
                changed(Kind.TABLE, "{'id':'t','kind':'table','title':' T ','columns':['A'],'rows':[]}",
                        "{'id':'t','kind':'table','title':'T','columns':['A'],'rows':[]}"),
                changed(Kind.LIST, "{'id':'l','kind':'list','ordered':true,'items':[' a ','b']}",
                        "{'id':'l','kind':'list','ordered':true,'items':['a','b']}"),
                changed(Kind.LIST, "{'id':'l','kind':'list','ordered':'true','items':['a']}",
                        "{'id':'l','kind':'list','items':['a']}"),
                changed(Kind.CHECKLIST,
                        "{'id':'k','kind':'checklist','items':[{'id':'a','label':' L ','checked':true},{'id':'b','label':'M','checked':1}]}",
                        "{'id':'k','kind':'checklist','items':[{'id':'a','label':'L','checked':true},{'id':'b','label':'M','checked':false}]}"),
                changed(Kind.SVG, "{'id':'s','title':'T','kind':'x','content':' <svg font-size=1/>\\n'}",
                        "{'id':'s','title':'T','content':'<svg font-size=1/>'}"));
    }

    @ParameterizedTest
    @MethodSource("changed")
    void itIsSentInItsNormalForm(Kind kind, String given, String sent) throws Exception {
        assertThat(Samples.sent(kind, given)).isEqualTo(sent);
    }

    static Stream<Arguments> refused() {
        return Stream.of(refused(Kind.FILE, "{'content':'x'}", "name must be a text, but is missing"),
                refused(Kind.FILE, "{'name':' ','content':'x'}", "name must not be blank"),
                refused(Kind.FILE, "{'name':'a.md','content':''}", "content must not be empty"),
                refused(Kind.FILE, "{'name':'a.md','content':7}", "content must be a text, but is a number"),
                refused(Kind.FILE, "{'name':'a.md','content':'" + "x".repeat(48_001) + "'}",
                        "content has 48001 characters; allowed are 48000"),
                refused(Kind.FILE, "{'name':'a.exe','content':'x'}", "must end in .md or .txt"),
                refused(Kind.FILE, "[]", "the deliverable must be an object, but is an array"),
                refused(Kind.CHART, "{'id':'c','kind':'donut'}",
                        "kind is \"donut\"; allowed are bar, stacked_bar, line, area, pie and scatter"),
                refused(Kind.CHART, BAR.replace("'c'", "' '"), "id must not be blank"),
                refused(Kind.CHART, BAR.replace("'c'", "5"), "id must be a text, but is a number"),
                refused(Kind.CHART, BAR.replace("[1,2]", "[1]"), "series[0].values has 1 numbers, but there are 2"),
                refused(Kind.CHART, BAR.replace("[1,2]", "[1,'2']"),
                        "series[0].values[1] must be a number, but is a text"),
                refused(Kind.CHART, BAR.replace("[1,2]", "[1,1e999]"), "series[0].values[1] is no finite number"),
                refused(Kind.CHART, BAR.replace("[1,2]", "[1,1" + "0".repeat(400) + "]"),
                        "series[0].values[1] is no finite number"),
                refused(Kind.CHART, BAR.replace("'s'", "'\ufeff'"), "series[0].name must not be blank"),
                refused(Kind.CHART, BAR.replace("'id'", "'orientation':null,'id'"),
                        "orientation must be vertical or horizontal, or left out"),
                refused(Kind.CHART, BAR.replace("bar", "stacked_bar").replace("1,2", "1,-2"),
                        "series[0].values[1] is below 0"),
                refused(Kind.CHART, "{'id':'c','kind':'bar','labels':[],'series':[]}",
                        "labels has 0 usable labels (texts that are not blank); allowed are 1 to 32"),
                refused(Kind.CHART, "{'id':'c','kind':'pie','segments':[]}",
                        "segments has 0 segments; allowed are 1 to 24"),
                refused(Kind.CHART, "{'id':'c','kind':'scatter','series':[{'name':'n','points':[{'x':1}]}]}",
                        "series[0].points[0].y must be a number, but is missing"),
                refused(Kind.TABLE, "{'id':'t','kind':'dataset','columns':['A'],'rows':[]}",
                        "kind must be \"table\", not \"dataset\""),
                refused(Kind.TABLE, "{'id':'t','kind':'table','columns':['\u3000'],'rows':[]}",
                        "columns[0] must not be blank"),
                refused(Kind.TABLE, "{'id':'t','kind':'table','columns':[],'rows':[]}",
                        "columns has 0 columns; allowed are 1 to 12"),
                refused(Kind.TABLE, "{'id':'t','kind':'table','columns':['A'],'rows':[['x'],['x','y']]}",
                        "rows[1] has 2 cells, but the table has 1 columns"),
                refused(Kind.TABLE, "{'id':'t','kind':'table','columns':['A'],'rows':[[{}]]}",
                        "rows[0][0] must be a text, a number, true or false, but is an object"),
                refused(Kind.TABLE, "{'id':'t','kind':'table','columns':['A']}",
                        "rows must be an array of rows, but is missing"),
                refused(Kind.LIST, "{'id':'a b','kind':'list','items':['x']}",
                        "id is \"a b\"; allowed are letters a-z and A-Z, digits, '_' and '-'"),
                refused(Kind.LIST, "{'id':'l','kind':'list','items':['x',' ']}", "items[1] must not be blank"),
                refused(Kind.LIST, "{'id':'l','kind':'list','items':[1]}", "items[0] must be a text, but is a number"),
                refused(Kind.LIST, "{'id':'l','items':['x']}", "kind must be \"list\", but is missing"),
                refused(Kind.CHECKLIST,
                        "{'id':'k','kind':'checklist','items':[{'id':'I','label':'L'},{'id':'i','label':'L'}]}",
                        "items[1].id is \"i\", which an earlier item of this checklist has"),
                refused(Kind.CHECKLIST, "{'id':'k','kind':'checklist','items':[{'id':'ä','label':'L'}]}",
                        "items[0].id is \"ä\"; allowed are"),
                refused(Kind.CHECKLIST, "{'id':'k','kind':'checklist','items':[{'id':'i','label':''}]}",
                        "items[0].label must not be blank"),
                refused(Kind.SVG, "{'id':'s','content':'<SVG/>'}", "content has no \"<svg\" in it"),
                refused(Kind.SVG, "{'id':'s','content':'<svg>" + "x".repeat(64_000) + "'}",
                        "content has 64005 characters; allowed are 64000"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void theMessageNamesThePlaceAndTheLimit(Kind kind, String given, String message) {
        assertThat(Samples.wrong(kind, given)).contains(message).doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({"FILE,content,48000", "LIST,items,48", "CHECKLIST,checks,64", "TABLE,rows,80", "TABLE,columns,12",
            "CHART,segments,24", "CHART,labels,32", "CHART,series,8", "CHART,points,48"})
    void theLimitItselfIsAllowedAndOneMoreIsNot(Kind kind, String what, int most) throws Exception {
        assertThat(Samples.read(kind, filled(what, most)).kind()).isEqualTo(kind);
        assertThat(Samples.wrong(kind, filled(what, most + 1))).contains(what.equals("checks") ? "items" : what)
                .contains(String.valueOf(most));
    }

    private static String filled(String what, int count) {
        return switch (what) {
            case "content" -> "{'name':'a.md','content':'" + "x".repeat(count) + "'}";
            case "items" -> list(count);
            case "checks" -> checklist(count);
            case "rows" -> "{'id':'t','kind':'table','columns':['A'],'rows':" + times("['x']", count) + "}";
            case "columns" -> "{'id':'t','kind':'table','columns':" + times("'A'", count) + ",'rows':[]}";
            case "segments" ->
                "{'id':'c','kind':'pie','segments':" + times("{'label':'l','value':1}", count) + "}";
            case "labels" -> "{'id':'c','kind':'bar','labels':" + times("'A'", count)
                    + ",'series':[{'name':'s','values':" + times("1", count) + "}]}";
            case "series" -> "{'id':'c','kind':'bar','labels':['A'],'series':"
                    + times("{'name':'s','values':[1]}", count) + "}";
            case "points" -> "{'id':'c','kind':'scatter','series':[{'name':'s','points':"
                    + times("{'x':1,'y':1}", count) + "}]}";
            default -> throw new AssertionError(what);
        };
    }

    private static String list(int count) {
        return "{'id':'l','kind':'list','items':" + times("'x'", count) + "}";
    }

    private static String checklist(int count) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < count; i++) {
            items.append(i == 0 ? "" : ",").append("{'id':'i").append(i).append("','label':'L'}");
        }
        return "{'id':'k','kind':'checklist','items':[" + items + "]}";
    }

    private static String times(String element, int count) {
        return "[" + String.join(",", Collections.nCopies(count, element)) + "]";
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aJobHasNoMoreThanItsCap(Kind kind) throws Exception {
        Deliverables all = Deliverables.none();
        for (int i = 0; i < kind.mostPerJob(); i++) {
            all = all.with(numbered(kind, i));
        }
        Deliverables full = all;
        assertThat(full.of(kind)).hasSize(kind.mostPerJob());
        assertThatThrownBy(() -> full.with(numbered(kind, 99))).isInstanceOf(InvalidDeliverableException.class)
                .hasMessage("a job may have at most " + kind.mostPerJob() + " " + kind.wireName()
                        + ", and has them already");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anIdIsThereOnceWhateverItsCase(Kind kind) throws Exception {
        Deliverables one = Samples.all(numbered(kind, 1));
        String upper = Samples.right(kind).replaceFirst("'id':'[a-z]'", "'id':'N1'").replace("a.md", "N1.MD");

        assertThatThrownBy(() -> one.with(Samples.read(kind, upper))).isInstanceOf(InvalidDeliverableException.class)
                .hasMessageContaining("there is a " + kind.word());
        assertThat(one.with(numbered(kind, 2)).size()).isEqualTo(2);
    }

    @Test
    void chartsOfAllKindsShareTheirIdsAndOtherKindsDoNot() throws Exception {
        Deliverables one = Samples.all(Samples.read(Kind.CHART, BAR.replace("'c'", "'same'")));

        assertThatThrownBy(
                () -> one.with(Samples.read(Kind.CHART, BAR.replace("'c'", "'SAME'").replace("bar", "line"))))
                .hasMessageContaining("choose another id");
        assertThat(one.with(Samples.read(Kind.LIST, "{'id':'same','kind':'list','items':['x']}")).size()).isEqualTo(2);
    }

    @Test
    void theKindOfAChartMayComeFromOutside() throws Exception {
        assertThat(DeliverableReader.readChart("area", "", Samples.json(BAR)).toJson().path("kind").stringValue())
                .isEqualTo("area");
    }

    private static Deliverable numbered(Kind kind, int number) throws InvalidDeliverableException {
        String right = Samples.right(kind).replace("a.md", "n" + number + ".md");
        return Samples.read(kind, kind == Kind.FILE
                ? right
                : right.replaceFirst("'id':'[a-z]'", String.format(Locale.ROOT, "'id':'n%d'", number)));
    }

    private static Arguments changed(Kind kind, String given, String sent) {
        return Arguments.of(kind, given, sent);
    }

    private static Arguments refused(Kind kind, String given, String message) {
        return Arguments.of(kind, given, message);
    }
}
