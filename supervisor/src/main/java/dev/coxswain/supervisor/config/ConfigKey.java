package dev.coxswain.supervisor.config;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration, declared once: reading, the check for unknown keys, the JSON Schema and the reference
 * all come from here.
 *
 * @param name as it is written in the file
 * @param shape what its value may be
 * @param fallback the value when the key is absent; null when there is none
 * @param preset the default in words, for the reference; empty when the key is optional without one
 * @param required whether its absence is an error
 * @param meaning one line for the reference
 */
record ConfigKey<T>(String name, Shape<T> shape, @Nullable T fallback, String preset, boolean required,
        String meaning) {
    static <T> ConfigKey<T> required(String name, Shape<T> shape, String meaning) {
        return new ConfigKey<>(name, shape, null, "", true, meaning);
    }

    static <T> ConfigKey<T> optional(String name, Shape<T> shape, String preset, String meaning) {
        return new ConfigKey<>(name, shape, null, preset, false, meaning);
    }

    static <T> ConfigKey<T> preset(String name, Shape<T> shape, T fallback, String preset, String meaning) {
        return new ConfigKey<>(name, shape, fallback, preset, false, meaning);
    }

    static <T> ConfigKey<T> preset(String name, Shape<T> shape, T fallback, String meaning) {
        return preset(name, shape, fallback, String.valueOf(fallback), meaning);
    }

    static ConfigKey<Duration> preset(String name, Shape<Duration> shape, Duration fallback, String meaning) {
        return preset(name, shape, fallback, DurationText.format(fallback), meaning);
    }
}
