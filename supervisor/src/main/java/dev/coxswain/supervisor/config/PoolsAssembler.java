package dev.coxswain.supervisor.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.FleetKeys.Pool;
import dev.coxswain.supervisor.config.FleetKeys.Root;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.runner.SlotsConfig;

/** Makes {@code pools}, and checks their names, references and slots. */
final class PoolsAssembler {
    /** What the control plane itself takes. */
    private static final Pattern SHITHUB_LABEL = Pattern.compile("[A-Za-z0-9_.-]+");

    private final Map<String, Section> planeSections;
    private final Map<String, ControlPlaneConfig> planes;
    private final Map<String, ExecutorEntry> executors;
    private final CredentialReader credentials;
    private final WorkloadAssembler workloads;
    private final Map<String, Section> names = new HashMap<>();

    PoolsAssembler(Reader reader, Map<String, String> environment, Map<String, Section> planeSections,
            Map<String, ControlPlaneConfig> planes, Map<String, ExecutorEntry> executors, Set<Secret> secrets) {
        this.planeSections = planeSections;
        this.planes = planes;
        this.executors = executors;
        this.credentials = new CredentialReader(reader, environment, secrets);
        this.workloads = new WorkloadAssembler(reader, environment, secrets);
    }

    List<PoolConfig> assemble(Section root, SlotsConfig slots) {
        List<PoolConfig> pools = new ArrayList<>();
        List<Section> sections = root.find(Root.POOLS);
        if (sections == null) {
            return pools;
        }
        if (sections.isEmpty() && !root.anyWritten(Root.POOLS, text -> true)) {
            root.refuse(Root.POOLS, "names no pool", "at least one is needed");
        }
        long reserved = 0;
        for (Section section : sections) {
            PoolConfig pool = pool(section);
            if (pool == null) {
                continue;
            }
            pools.add(pool);
            long before = reserved;
            reserved += pool.minSlots().orElse(0);
            if (before <= slots.total() && reserved > slots.total()) {
                section.refuse(Pool.MIN_SLOTS,
                        "the pools up to here reserve " + reserved + " slots, and slots.total is "
                                + slots.total(),
                        null);
            }
        }
        return pools;
    }

    private @Nullable PoolConfig pool(Section section) {
        String name = section.find(Pool.NAME);
        if (name != null) {
            Section first = names.putIfAbsent(name, section);
            if (first != null) {
                section.refuse(Pool.NAME, "another pool has this name",
                        "the first one is in line " + first.place(Pool.NAME).line());
                name = null;
            }
        }
        String controlPlane = reference(section, Pool.CONTROL_PLANE, planeSections.keySet(), "control plane");
        ControlPlaneConfig plane = controlPlane == null ? null : planes.get(controlPlane);
        ProtocolRules rules = plane == null ? null : ProtocolRules.of(plane.protocol());
        String executor = executor(section);
        List<Credential> runners = List.of();
        if (rules != null) {
            runners = runners(section, name == null ? "" : name, rules);
        } else if (!section.isWritten(Pool.RUNNERS)) {
            credentialsWritten(section);
        }
        WorkloadEntry workload = rules == null
                ? null
                : workloads.assemble(section, rules,
                        executor == null ? null : executors.get(executor));
        OptionalInt min = slots(section, Pool.MIN_SLOTS);
        OptionalInt max = slots(section, Pool.MAX_SLOTS);
        if (min.isPresent() && max.isPresent() && min.getAsInt() > max.getAsInt()) {
            section.refuse(Pool.MIN_SLOTS, "is more than maxSlots (" + max.getAsInt() + ")", null);
        }
        if (rules != null && section.get(Pool.SLOTS_PER_RUNNER) > rules.mostJobs()) {
            section.refuse(Pool.SLOTS_PER_RUNNER, "a runner of " + rules.protocol() + " holds "
                    + (rules.mostJobs() == 1 ? "one job" : rules.mostJobs() + " jobs") + " at a time",
                    "give the pool a credential for " + (rules.mostJobs() == 1
                            ? "each job it should run at once"
                            : "each " + rules.mostJobs() + " jobs it should run at once"));
        }
        List<Shapes.Held<String>> labels = section.find(Pool.LABELS);
        if (labels != null && rules == ProtocolRules.SHITHUB && labels.stream()
                .anyMatch(label -> !SHITHUB_LABEL.matcher(label.value()).matches())) {
            section.refuse(Pool.LABELS, "shithub takes no such label", "use A-Z, a-z, 0-9, _, . and - only");
        }
        if (name == null || controlPlane == null || executor == null || workload == null) {
            return null;
        }
        return new PoolConfig(name, controlPlane, runners, section.get(Pool.SLOTS_PER_RUNNER),
                labels == null ? List.of() : labels.stream().map(Shapes.Held::value).toList(), workload, executor,
                section.get(Pool.WEIGHT), min, max);
    }

    private List<Credential> runners(Section section, String name, ProtocolRules rules) {
        if (rules.served()) {
            return numbered(section, name, rules);
        }
        if (section.isWritten(Pool.RUNNERS)) {
            section.refuse(Pool.RUNNERS, "is no key of a pool of " + rules.protocol(),
                    "each of its credentials is a runner");
        }
        credentialsWritten(section);
        Section source = section.find(Pool.CREDENTIALS);
        return source == null ? List.of() : credentials.read(source, section.place(Pool.CREDENTIALS), name, rules);
    }

    private static void credentialsWritten(Section section) {
        if (!section.isWritten(Pool.CREDENTIALS)) {
            section.refuse(Pool.CREDENTIALS, "is missing", Pool.CREDENTIALS.meaning());
        }
    }

    /** Runners of a control plane that we serve: they prove nothing, but each has a word of its own. */
    private static List<Credential> numbered(Section section, String name, ProtocolRules rules) {
        if (section.isWritten(Pool.CREDENTIALS)) {
            section.refuse(Pool.CREDENTIALS, "is no key of a pool of " + rules.protocol(),
                    "write runners: N, for N executions at once");
        }
        if (!section.isWritten(Pool.RUNNERS)) {
            section.refuse(Pool.RUNNERS, "is missing", Pool.RUNNERS.meaning());
        }
        Integer count = section.find(Pool.RUNNERS);
        return IntStream.rangeClosed(1, count == null ? 0 : count).mapToObj(number -> new Credential(
                name + "-" + number, new Secret("runner " + number + " of pool " + name + ", needs no credential")))
                .toList();
    }

    private @Nullable String executor(Section section) {
        if (section.isWritten(Pool.EXECUTOR)) {
            return reference(section, Pool.EXECUTOR, executors.keySet(), "executor");
        }
        if (executors.size() > 1) {
            section.refuse(Pool.EXECUTOR, "is missing, and there are several executors",
                    "use one of: " + listed(executors.keySet()));
        }
        return executors.size() == 1 ? executors.keySet().iterator().next() : null;
    }

    private static @Nullable String reference(Section section, ConfigKey<String> key, Set<String> known, String what) {
        String name = section.find(key);
        if (name == null || known.contains(name)) {
            return name;
        }
        String near = Suggestion.didYouMean(name, known);
        String all = known.isEmpty() ? null : "use one of: " + listed(known);
        section.refuse(key, "there is no " + what + " of this name", near == null ? all : near);
        return null;
    }

    private static String listed(Collection<String> names) {
        List<String> sorted = names.stream().sorted().toList();
        return String.join(", ", sorted.subList(0, Math.min(10, sorted.size()))) + (sorted.size() > 10 ? ", …" : "");
    }

    private static OptionalInt slots(Section section, ConfigKey<Integer> key) {
        Integer slots = section.find(key);
        return slots == null ? OptionalInt.empty() : OptionalInt.of(slots);
    }
}
