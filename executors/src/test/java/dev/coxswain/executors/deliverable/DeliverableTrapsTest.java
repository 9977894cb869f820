package dev.coxswain.executors.deliverable;

import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The traps of contract xenonflare-workspace that are the deliverables', by their number there. */
class DeliverableTrapsTest {
    @Test
    void trap02_aTableIsDatasetsInTheReportAndTableInAPlaceholder() throws Exception {
        Deliverables one = Samples.all(Samples.read(Kind.TABLE, Samples.right(Kind.TABLE)));

        assertThat(Answer.of("{{artifact:table:t}}", one).toBody().path("datasets").size()).isEqualTo(1);
        assertThat(Placeholders.in("{{artifact:dataset:t}}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7,7", "-0,0", "1.50,1.5", "1e2,100", "0.1,0.1", "true,true", "false,false", "'\"x\"',x", "null,''",
            "12345678901234567890123,12345678901234567890123", "1e21,1000000000000000000000"})
    void trap03_numbersInCellsBecomeTexts(String cell, String text) throws Exception {
        assertThat(DeliverableReader.read(Kind.TABLE, "", Samples.MAPPER.readTree(
                "{\"id\":\"t\",\"kind\":\"table\",\"columns\":[\"A\"],\"rows\":[[" + cell + "]]}")).toJson()
                .path("rows").path(0).path(0).stringValue()).isEqualTo(text);
    }

    @Test
    void trap03_aNumberOfAbsurdSizeCostsNothing() {
        String table = "{'id':'t','kind':'table','columns':['A'],'rows':[[1e999999999]]}";

        assertThat(Samples.wrong(Kind.TABLE, table)).contains("rows[0][0] is no finite number");
    }

    @ParameterizedTest
    @CsvSource({"'\"A\",\"\",\"C\"',2", "'\"A\",2024',1", "'\"A\",\" \",null,\"\u00a0\",\"B\"',2"})
    void trap04_blankLabelsGoBeforeLengthsAreCompared(String labels, int values) throws Exception {
        for (int given = 1; given <= 3; given++) {
            String chart = "{\"id\":\"c\",\"kind\":\"line\",\"labels\":[" + labels
                    + "],\"series\":[{\"name\":\"s\",\"values\":[1" + ",1".repeat(given - 1) + "]}]}";
            if (given == values) {
                assertThat(Samples.read(Kind.CHART, chart).toJson().path("labels").size()).isEqualTo(values);
            } else {
                assertThat(Samples.wrong(Kind.CHART, chart))
                        .contains(values + " usable labels (blank labels and labels that are no text are dropped)");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"my doc.md,my_doc.md", "../../etc/p.md,etc/p.md", "/abs/p.txt,abs/p.txt", "a\\b.md,a/b.md",
            "über.md,ber.md", "日本.md,.md", "a/b/c/d/e.md,a/b/c/d/e.md", "x.TXT,x.TXT", "é../a.md,a.md",
            "日本/a.md,a.md", "./a//b.md,a/b.md"})
    void trap05_aNameIsMadeSafeAndPlacesThatCiteItFollow(String given, String safe) throws Exception {
        String json = "{\"name\":\"" + given.replace("\\", "\\\\") + "\",\"content\":\"x\"}";
        Deliverables one = Samples.all(DeliverableReader.read(Kind.FILE, "", Samples.MAPPER.readTree(json)));

        assertThat(one.of(Kind.FILE).getFirst().reference()).isEqualTo(safe);
        assertThat(Answer.of("see {{ artifact : file : " + given + " }} and {{artifact:file:" + safe + "}}", one)
                .assistantMessage()).endsWith(" and {{artifact:file:" + safe + "}}").contains("file:")
                .satisfies(message -> assertThat(Placeholders.missing(message, one)).isEmpty());
    }

    @Test
    void trap05_theCutThatTakesTheExtensionIsToldAndSoIsTheFolderTooMany() {
        assertThat(Samples.wrong(Kind.FILE, "{'name':'" + "x".repeat(60) + ".md','content':'x'}"))
                .contains("must end in .md or .txt").contains("48 characters of each part");
        assertThat(Samples.wrong(Kind.FILE, "{'name':'a/b/c/d/e/f.md','content':'x'}"))
                .contains("has more than 4 folders");
    }

    @ParameterizedTest
    @CsvSource({"conversion = 3%,\"onversion =\"", "İİİ conversion=,\"onversion=\"",
            "<svg contentStyleType=x,\"ontentStyleType=\"",
            "<a onclick=x,\"onclick=\"", "<a ONLOAD\u00a0=x,\"ONLOAD\u00a0=\"", "x=1 on1=,\"on1=\""})
    void trap06_theCharactersThatHitAreNamed(String text, String hit) {
        String given = "{\"id\":\"s\",\"content\":\"<svg>" + text + "\"}";

        assertThat(Samples.wrong(Kind.SVG, given)).contains(hit).contains("at character ").contains("plain text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"font-size=1", "on=", "on =", "onö=", "<scripty", "<objects", "on\u0085x", "javascript :",
            "x=on", "<foreignObjects"})
    void trap06_whatOnlyLooksLikeItPasses(String text) throws Exception {
        assertThat(Samples.read(Kind.SVG, "{'id':'s','content':'<svg>" + text + "'}").kind()).isEqualTo(Kind.SVG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script", "<ScRiPt>", "javascript:", "JAVASCRIPT:", "<foreignObject ", "<FOREIGNOBJECT/",
            "<iframe", "<embed-", "<object\u00e9"})
    void trap06_elementsThatRunThingsAreRefused(String text) {
        assertThat(Samples.wrong(Kind.SVG, "{'id':'s','content':'<svg>" + text + "'}"))
                .containsIgnoringCase("must not contain \"" + text.replaceAll("[>\u00e9/ -]+$", ""));
    }

    @Test
    void trap06_aLongTextIsSearchedOnce() {
        String text = "<svg>" + "on".repeat(31_000) + "=";

        assertThat(Samples.wrong(Kind.SVG, "{'id':'s','content':'" + text + "'}")).contains("at character 6");
    }

    @Test
    void trap07_textsAreTrimmedAndCutAsJavaScriptDoesAndNeverLeaveHalfACharacter() throws Exception {
        String chart = "{'id':'" + "i".repeat(63) + "\ud83d\ude00','kind':'pie','title':'\ufeff\u00a0t\u2028',"
                + "'segments':[{'label':'" + "l".repeat(127) + "\ud83d\ude00','value':1}]}";

        assertThat(Samples.sent(Kind.CHART, chart)).isEqualTo("{'id':'" + "i".repeat(63)
                + "','kind':'pie','title':'t','segments':[{'label':'" + "l".repeat(127) + "','value':1}]}");
        assertThat(Samples.sent(Kind.LIST, "{'id':'l','kind':'list','items':['\\ud83d x']}"))
                .isEqualTo("{'id':'l','kind':'list','items':['\ufffd x']}");
    }

    @Test
    void trap08_aTurkishLocaleChangesNoId() throws Exception {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            Deliverables one = Samples.all(Samples.read(Kind.LIST, "{'id':'TITLE','kind':'list','items':['x']}"));

            assertThatThrownBy(() -> one.with(Samples.read(Kind.LIST, "{'id':'title','kind':'list','items':['x']}")))
                    .isInstanceOf(InvalidDeliverableException.class);
            assertThat(Answer.of("{{ARTIFACT:LIST:title}}", one).deliverables().size()).isEqualTo(1);
            assertThat(Samples.read(Kind.FILE, "{'name':'I.TXT','content':'x'}").reference()).isEqualTo("I.TXT");
        } finally {
            Locale.setDefault(usual);
        }
    }
}
