package dev.coxswain.executors.signing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version in the name of a tool's folder ({@code 35.0.0}, {@code 36.0.0-rc1}, {@code java-21-openjdk-amd64}), compared
 * number by number; a preview is older than what it is a preview of.
 *
 * @param numbers those before the preview's, in their order
 * @param preview number of the preview; the largest for none
 */
record ToolVersion(List<Integer> numbers, int preview) implements Comparable<ToolVersion> {
    private static final Pattern PREVIEW = Pattern.compile("-(?:alpha|beta|rc|preview)\\D*");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    static ToolVersion of(String name) {
        String[] parts = PREVIEW.split(name.toLowerCase(Locale.ROOT), 2);
        List<Integer> after = numbers(parts.length == 1 ? "" : parts[1]);
        return new ToolVersion(numbers(parts[0]),
                parts.length == 1 ? Integer.MAX_VALUE : after.isEmpty() ? 0 : after.getFirst());
    }

    private static List<Integer> numbers(String text) {
        List<Integer> numbers = new ArrayList<>();
        Matcher found = NUMBER.matcher(text);
        while (found.find()) {
            numbers.add(Integer.parseInt(found.group()));
        }
        return List.copyOf(numbers);
    }

    /** The first number; 0 when there is none. */
    int major() {
        return numbers.isEmpty() ? 0 : numbers.getFirst();
    }

    @Override
    public int compareTo(ToolVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = Integer.compare(at(i), other.at(i));
            if (order != 0) {
                return order;
            }
        }
        return Comparator.<Integer>naturalOrder().compare(preview, other.preview);
    }

    private int at(int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }
}
