package dev.coxswain.supervisor.controlplane.xenonflare;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.InvalidResultException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules for one scene (contract xenonflare-studio 7). Keys that it does not know are left as they are. */
final class Scenes {
    private static final List<String> KNOWN = List.of("narration", "durationSeconds", "imageUrl", "audioUrl");
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(600);
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,20}(?:\\.\\d{1,40})?(?:[eE][+-]?\\d{1,3})?");

    private Scenes() {}

    /** Checks a scene, drops known keys that are null, and turns a numeric text of durationSeconds into a number. */
    static void check(String where, ObjectNode scene) throws InvalidResultException {
        for (String known : KNOWN) {
            if (scene.path(known).isNull()) {
                scene.remove(known);
            }
        }
        String narration = Texts.optional(where, scene, "narration");
        if ((narration == null || narration.isBlank()) && !scene.has("imageUrl") && !scene.has("audioUrl")) {
            throw new InvalidResultException(where + " needs a narration, an imageUrl or an audioUrl");
        }
        duration(where, scene);
    }

    private static void duration(String where, ObjectNode scene) throws InvalidResultException {
        JsonNode given = scene.path("durationSeconds");
        if (given.isMissingNode()) {
            return;
        }
        BigDecimal seconds;
        if (given.isNumber()) {
            seconds = given.decimalValue();
        } else if (given.isString() && NUMBER.matcher(given.stringValue().strip()).matches()) {
            seconds = new BigDecimal(given.stringValue().strip());
            scene.put("durationSeconds", seconds);
        } else {
            throw new InvalidResultException(where + ".durationSeconds must be a number");
        }
        if (seconds.signum() <= 0 || seconds.compareTo(LONGEST_SECONDS) > 0) {
            throw new InvalidResultException(where + ".durationSeconds must be above 0 and at most 600");
        }
    }
}
