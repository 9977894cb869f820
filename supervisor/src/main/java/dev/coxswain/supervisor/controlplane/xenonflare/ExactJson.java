package dev.coxswain.supervisor.controlplane.xenonflare;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON that passes through: numbers keep every digit, because the unknown keys of a story are not ours to round. */
final class ExactJson {
    private ExactJson() {}

    static JsonMapper of(JsonMapper mapper) {
        return mapper.rebuild().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();
    }
}
