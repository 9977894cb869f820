package dev.coxswain.supervisor.grafana;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression names; whether it is valid says Prometheus.
 *
 * @param selectors metrics with their matchers, in order
 * @param groupings labels of {@code by}, {@code on} and the like
 */
record PromQuery(List<Selector> selectors, Set<String> groupings) {
    private static final Pattern TOKEN = Pattern.compile(
            "(?<skip>\\s+|\\[[^\\]]*\\]|[0-9][0-9a-zA-Z.]*)|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<string>\"[^\"]*\")|(?<sign>.)",
            Pattern.DOTALL);
    private static final Pattern MATCHER = Pattern.compile("\\s*(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"\\s*,?");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "sum", "min", "max", "avg",
            "count", "topk", "bottomk", "quantile", "group");

    /**
     * One use of a metric.
     *
     * @param labels what its matchers ask for: label to values, those of an alternative one by one
     */
    record Selector(String name, Map<String, List<String>> labels) {}

    static PromQuery of(String expression) {
        List<Selector> selectors = new ArrayList<>();
        Set<String> groupings = new TreeSet<>();
        Matcher token = TOKEN.matcher(expression);
        int at = 0;
        while (at < expression.length() && token.find(at)) {
            at = token.end();
            String name = token.group("name");
            if (name == null) {
                if ("{".equals(token.group("sign"))) {
                    throw new IllegalArgumentException("a selector without a name: " + expression);
                }
                continue;
            }
            String rest = expression.substring(at);
            boolean opens = rest.stripLeading().startsWith("(");
            if (GROUPINGS.contains(name)) {
                if (opens) {
                    String inside = rest.substring(rest.indexOf('(') + 1, rest.indexOf(')'));
                    Arrays.stream(inside.split(",")).map(String::strip).filter(label -> !label.isEmpty())
                            .forEach(groupings::add);
                    at += rest.indexOf(')') + 1;
                }
            } else if (!opens && !WORDS.contains(name)) {
                int end = rest.startsWith("{") ? rest.indexOf('}') + 1 : 0;
                selectors.add(new Selector(name, matchers(rest.substring(0, end))));
                at += end;
            }
        }
        return new PromQuery(selectors, groupings);
    }

    private static Map<String, List<String>> matchers(String braces) {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        if (braces.isEmpty()) {
            return labels;
        }
        String inside = braces.substring(1, braces.length() - 1);
        Matcher matcher = MATCHER.matcher(inside);
        int at = 0;
        while (at < inside.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException("not understood: " + braces);
            }
            at = matcher.end();
            labels.computeIfAbsent(matcher.group(1), label -> new ArrayList<>())
                    .addAll(List.of(matcher.group(2).endsWith("~")
                            ? matcher.group(3).split("\\|")
                            : new String[]{matcher.group(3)}));
        }
        return labels;
    }
}
