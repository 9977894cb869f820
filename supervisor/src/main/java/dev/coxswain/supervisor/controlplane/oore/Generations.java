package dev.coxswain.supervisor.controlplane.oore;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which claim of a build is a runner's newest. The daemon knows runner and build only, so a build that was requeued and
 * claimed again by the same runner would take calls of the first claim for those of the second (trap 11); this is what tells
 * them apart, before anything is sent. Remembers the last {@value #MOST} builds of each runner. Safe from any thread.
 */
final class Generations {
    static final int MOST = 64;

    private final Map<String, Map<String, Integer>> newest = new ConcurrentHashMap<>();

    /** Another claim of this build by this runner; those before are void. */
    Claim next(String runner, String build) {
        int[] number = new int[1];
        newest.compute(runner, (name, builds) -> {
            Map<String, Integer> mine = builds == null ? new LinkedHashMap<>() : builds;
            Integer before = mine.remove(build);
            number[0] = before == null ? 1 : before + 1;
            mine.put(build, number[0]);
            if (mine.size() > MOST) {
                mine.remove(mine.keySet().iterator().next());
            }
            return mine;
        });
        return new Claim(runner, build, number[0]);
    }

    /** Whether no newer claim of this build is known. */
    boolean isNewest(Claim claim) {
        boolean[] known = new boolean[1];
        newest.computeIfPresent(claim.runner, (name, builds) -> {
            known[0] = Integer.valueOf(claim.number).equals(builds.get(claim.build));
            return builds;
        });
        return known[0];
    }

    /** One claim of one build. */
    record Claim(String runner, String build, int number) {}
}
