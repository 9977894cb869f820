package dev.coxswain.supervisor.simulator.model;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The newest entries by key, a bounded number of them. Guarded by its own monitor: tiny sections without waiting. */
final class Remembered<V> {
    private final Map<String, V> entries;

    Remembered(int most) {
        entries = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    synchronized @Nullable V get(String key) {
        return entries.get(key);
    }

    /** Whether there was none of this key. */
    synchronized boolean add(String key, V value) {
        return entries.put(key, value) == null;
    }

}
