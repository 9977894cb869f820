package dev.coxswain.executors.flutter;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The file in the checkout that hands the plan's variables to Flutter's compiler. */
final class DotEnv {
    static final String NAME = ".env";

    private DotEnv() {}

    /** {@code NAME=value} lines. A value of several lines has no form there and would be taken for other variables. */
    static byte[] write(Map<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> text.append(value.indexOf('\n') < 0 && value.indexOf('\r') < 0
                ? name + "=" + value
                : "# " + name + " has several lines: only commands see it").append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
