package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The keys of one section.
 *
 * @param keys in the order of the reference
 * @param later keys that a later version knows: refused in words that say so, because whoever writes a limit must not
 *        believe that it is enforced
 * @param kind the key whose value decides which others there are; when it is wrong, nothing else of the section is
 *        looked at
 */
record ConfigKeys(List<ConfigKey<?>> keys, Set<String> later, @Nullable ConfigKey<String> kind) {
    static ConfigKeys of(ConfigKey<?>... keys) {
        return new ConfigKeys(List.of(keys), Set.of(), null);
    }

    ConfigKeys later(String... names) {
        return new ConfigKeys(keys, Set.of(names), kind);
    }

    ConfigKeys decidedBy(ConfigKey<String> key) {
        return new ConfigKeys(keys, later, key);
    }

    Set<String> names() {
        return keys.stream().map(ConfigKey::name).collect(Collectors.toUnmodifiableSet());
    }
}
