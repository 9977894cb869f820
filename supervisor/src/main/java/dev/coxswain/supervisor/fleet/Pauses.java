package dev.coxswain.supervisor.fleet;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.FleetControl.Target;
import dev.coxswain.supervisor.fleet.FleetControl.Target.Everything;
import dev.coxswain.supervisor.fleet.FleetControl.Target.OfControlPlane;
import dev.coxswain.supervisor.fleet.FleetControl.Target.OfPool;
import dev.coxswain.supervisor.fleet.FleetControl.Target.OfRunner;
import dev.coxswain.supervisor.runner.Runner;

/**
 * What operators paused. Of the words that concern a runner (itself, its pool, its control plane, everything) the last one
 * holds: so a resume takes back every pause that covers its target and no other runner's, and a runner that comes into a
 * paused pool is paused. One word is kept for each target. Safe from any thread.
 */
final class Pauses {
    private final Map<Target, Word> words = new HashMap<>();
    private long said;

    private record Word(long order, boolean pause) {}

    /** Pauses the target, or takes a pause back. */
    synchronized void say(Target target, boolean pause) {
        if (target instanceof Everything) {
            words.clear();
        }
        words.put(target, new Word(said++, pause));
    }

    /** Whether this runner is paused. */
    boolean covers(Runner runner) {
        return why(runner) != null;
    }

    /** Why it is paused, in words; null when it is not. */
    synchronized @Nullable String why(Runner runner) {
        if (words.isEmpty()) {
            return null;
        }
        String pool = runner.services().pool();
        String controlPlane = runner.services().controlPlane().name();
        Target newest = null;
        Word last = null;
        for (Target target : new Target[]{new Everything(), new OfControlPlane(controlPlane), new OfPool(pool),
                new OfRunner(runner.name())}) {
            Word word = words.get(target);
            if (word != null && (last == null || word.order > last.order)) {
                last = word;
                newest = target;
            }
        }
        return last == null || !last.pause || newest == null ? null : switch (newest) {
            case Everything everything -> "paused by an operator, as everything";
            case OfControlPlane(String name) -> "paused by an operator, with its control plane";
            case OfPool(String name) -> "paused by an operator, with its pool";
            case OfRunner(String name) -> "paused by an operator";
        };
    }

    /** The target in words. */
    static String words(Target target) {
        return switch (target) {
            case Everything everything -> "everything";
            case OfControlPlane(String name) -> "control plane " + name;
            case OfPool(String name) -> "pool " + name;
            case OfRunner(String name) -> "runner " + name;
        };
    }

    /** Whether the target means this runner. */
    static boolean means(Target target, Runner runner) {
        return switch (target) {
            case Everything everything -> true;
            case OfControlPlane(String name) -> name.equals(runner.services().controlPlane().name());
            case OfPool(String name) -> name.equals(runner.services().pool());
            case OfRunner(String name) -> name.equals(runner.name());
        };
    }
}
