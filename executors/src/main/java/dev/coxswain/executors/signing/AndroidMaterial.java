package dev.coxswain.executors.signing;

import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a job's Android files are signed with: a profile for each variant that has one. In memory only; whoever fetched it
 * closes it.
 */
public final class AndroidMaterial implements AutoCloseable {
    private volatile Map<Variant, SigningProfile> profiles;

    AndroidMaterial(Map<Variant, SigningProfile> profiles) {
        this.profiles = Map.copyOf(profiles);
    }

    /** Whether files of this variant are to be signed; false for both after {@link #close()}. */
    public boolean has(Variant variant) {
        return profiles.containsKey(variant);
    }

    @Nullable
    SigningProfile profile(Variant variant) {
        return profiles.get(variant);
    }

    /** Overwrites the keystores and forgets the rest. Safe to repeat. */
    @Override
    public void close() {
        Map<Variant, SigningProfile> last = profiles;
        profiles = Map.of();
        last.values().forEach(profile -> Arrays.fill(profile.keystore(), (byte) 0));
    }

    /** Shows nothing. */
    @Override
    public String toString() {
        return "AndroidMaterial[***]";
    }
}
