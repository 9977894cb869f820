package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.Map;

/** {@code executors.NAME.nodeSelector} and {@code executors.NAME.tolerations}: on which nodes pods may run. */
final class PlacementKeys {
    static final String EQUAL = "Equal";
    static final String EXISTS = "Exists";
    static final String NO_EXECUTE = "NoExecute";

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
    static final Scalar<String> LABEL_KEY = scalar("a label's key",
            "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?" + LABEL, "is no key of a label",
            "at most 63 letters, digits, dots, dashes and underscores, behind a prefix such as example.org/ or none");
    static final Scalar<String> LABEL_VALUE = scalar("a label's value", "(" + LABEL + ")?", "is no value of a label",
            "at most 63 letters, digits, dots, dashes and underscores");

    static final ConfigKey<Map<String, String>> NODE_SELECTOR = ConfigKey.optional("nodeSelector", new LabelMap(),
            "none", "kubernetes: labels that a node must have to get pods");
    static final ConfigKey<List<Section>> TOLERATIONS = ConfigKey.optional("tolerations",
            new Shapes.Sections(Toleration.ALL), "none", "kubernetes: taints of nodes that do not keep the pods away");
    static final List<ConfigKey<?>> ALL = List.of(NODE_SELECTOR, TOLERATIONS);

    private PlacementKeys() {}

    /** {@code executors.NAME.tolerations[]}. */
    static final class Toleration {
        static final ConfigKey<String> KEY = ConfigKey.optional("key", LABEL_KEY, "every taint, with `Exists`",
                "of the taint");
        static final ConfigKey<String> OPERATOR = ConfigKey.preset("operator",
                Values.choice(List.of(EQUAL, EXISTS), List.of()), EQUAL, "whether the taint's value counts");
        static final ConfigKey<String> VALUE = ConfigKey.optional("value", LABEL_VALUE, "empty",
                "of the taint, for `Equal`");
        static final ConfigKey<String> EFFECT = ConfigKey.optional("effect",
                Values.choice(List.of("NoSchedule", "PreferNoSchedule", NO_EXECUTE), List.of()), "every one",
                "of the taint");
        static final ConfigKey<Integer> SECONDS = ConfigKey.optional("seconds", Values.integer(0, 31_536_000),
                "for ever", "for `NoExecute`: how long a pod stays on a node that gets the taint");
        static final ConfigKeys ALL = ConfigKeys.of(KEY, OPERATOR, VALUE, EFFECT, SECONDS);

        private Toleration() {}
    }

    private static Scalar<String> scalar(String title, String form, String refusal, String hint) {
        return new Scalar<>(title, true, text -> {
            if (!text.matches(form)) {
                throw new Refused(refusal, hint);
            }
            return text;
        }, schema -> schema.put("type", "string").put("pattern", "^(" + form + ")$|\\$\\{"));
    }
}
