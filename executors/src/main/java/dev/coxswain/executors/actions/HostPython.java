package dev.coxswain.executors.actions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Python that a host has.
 *
 * @param version three numbers
 * @param program absolute path
 */
record HostPython(String version, String program) {
    private static final Pattern FOUND = Pattern.compile("(\\d{1,4}\\.\\d{1,4}\\.\\d{1,4})\\S* (/.{1,4000})");
    private static final Pattern ASKED = Pattern.compile("\\d{1,4}(?:\\.(?:\\d{1,4}|[xX*])){0,2}");

    /** What a search printed: a version and a path in each line; the rest is what programs say that are no Python. */
    static List<HostPython> read(String printed) {
        List<HostPython> found = new ArrayList<>();
        for (String line : printed.split("\n", -1)) {
            Matcher python = FOUND.matcher(line);
            if (python.matches()) {
                found.add(new HostPython(python.group(1), python.group(2)));
            }
        }
        return found;
    }

    /**
     * The newest that is asked for, the first of those that are the same.
     *
     * @param asked {@code 3}, {@code 3.12}, {@code 3.12.4} or {@code 3.x}; empty for the first of all
     * @throws StepFailure when there is none, or it is no version
     */
    static HostPython choose(List<HostPython> found, String asked) {
        if (!asked.isEmpty() && !ASKED.matcher(asked).matches()) {
            throw StepFailure.of("python-version must be like 3, 3.12, 3.12.4 or 3.x");
        }
        List<HostPython> such = found.stream().filter(python -> python.is(asked)).toList();
        if (such.isEmpty()) {
            throw StepFailure.of("this host has no Python" + (asked.isEmpty() ? "" : " " + asked) + (found.isEmpty()
                    ? ""
                    : "; it has " + found.stream().map(HostPython::version).distinct().limit(20)
                            .collect(Collectors.joining(", "))));
        }
        return asked.isEmpty() ? such.getFirst() : such.stream().reduce(such.getFirst(), HostPython::newer);
    }

    private boolean is(String asked) {
        String[] wanted = asked.isEmpty() ? new String[0] : asked.split("\\.", -1);
        String[] own = version.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (Character.isDigit(wanted[i].charAt(0)) && Integer.parseInt(wanted[i]) != Integer.parseInt(own[i])) {
                return false;
            }
        }
        return true;
    }

    private static HostPython newer(HostPython one, HostPython other) {
        return Arrays.compare(numbers(one), numbers(other)) >= 0 ? one : other;
    }

    private static int[] numbers(HostPython python) {
        return Arrays.stream(python.version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
    }
}
