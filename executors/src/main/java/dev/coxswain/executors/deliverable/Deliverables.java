package dev.coxswain.executors.deliverable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The deliverables of one job, in the order in which they came. Never changes; {@link #with} makes another one. */
public final class Deliverables {
    private static final Deliverables NONE = new Deliverables(Map.of());

    private final Map<String, Deliverable> byKey;

    private Deliverables(Map<String, Deliverable> byKey) {
        this.byKey = byKey;
    }

    public static Deliverables none() {
        return NONE;
    }

    /**
     * The same with one more.
     *
     * @throws InvalidDeliverableException when the job has the most of this kind already, or one of this kind with this id
     *         or name, whatever the case of its letters
     */
    public Deliverables with(Deliverable more) throws InvalidDeliverableException {
        Kind kind = more.kind();
        if (byKey.containsKey(key(kind, more.reference()))) {
            throw new InvalidDeliverableException("there is a " + kind.word() + " "
                    + Place.quote(more.reference()) + " already (case does not count); choose another "
                    + (kind == Kind.FILE ? "name" : "id"));
        }
        if (of(kind).size() >= kind.mostPerJob()) {
            throw new InvalidDeliverableException(
                    "a job may have at most " + kind.mostPerJob() + " " + kind.wireName() + ", and has them already");
        }
        Map<String, Deliverable> all = new LinkedHashMap<>(byKey);
        all.put(key(kind, more.reference()), more);
        return new Deliverables(Collections.unmodifiableMap(all));
    }

    public List<Deliverable> of(Kind kind) {
        return byKey.values().stream().filter(deliverable -> deliverable.kind() == kind).toList();
    }

    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    public int size() {
        return byKey.size();
    }

    /** The one with this id or safe name, whatever the case of its letters; null when there is none. */
    @Nullable
    Deliverable find(Kind kind, String reference) {
        return byKey.get(key(kind, reference));
    }

    private static String key(Kind kind, String reference) {
        return kind.word() + ":" + reference.toLowerCase(Locale.ROOT);
    }

    /** Says how many, not what: that is the user's. */
    @Override
    public String toString() {
        return "Deliverables[" + byKey.size() + "]";
    }
}
