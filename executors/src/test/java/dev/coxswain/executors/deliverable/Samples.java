package dev.coxswain.executors.deliverable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Deliverables that are right, and short ways to read others. */
final class Samples {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
    private Samples() {}

    /** One that is right. */
    static String right(Kind kind) {
        return switch (kind) {
            case FILE -> "{'name':'a.md','content':'x'}";
            case CHART -> "{'id':'c','kind':'pie','segments':[{'label':'l','value':1}]}";
            case TABLE -> "{'id':'t','kind':'table','columns':['A'],'rows':[]}";
            case SVG -> "{'id':'s','content':'<svg/>'}";
            case LIST -> "{'id':'l','kind':'list','items':['x']}";
            case CHECKLIST -> "{'id':'k','kind':'checklist','items':[{'id':'i','label':'L'}]}";
        };
    }

    /** JSON with ' for ". */
    static JsonNode json(String text) {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    static Deliverable read(Kind kind, String text) throws InvalidDeliverableException {
        return DeliverableReader.read(kind, "", json(text));
    }

    /** What is sent for it. */
    static String sent(Kind kind, String text) throws InvalidDeliverableException {
        return read(kind, text).toJson().toString().replace('"', '\'');
    }

    /** What is wrong with it. */
    static String wrong(Kind kind, String text) {
        return String.valueOf(
                catchThrowableOfType(InvalidDeliverableException.class, () -> read(kind, text)).getMessage());
    }

    static Deliverables all(Deliverable... some) throws InvalidDeliverableException {
        Deliverables all = Deliverables.none();
        for (Deliverable one : some) {
            all = all.with(one);
        }
        return all;
    }
}
