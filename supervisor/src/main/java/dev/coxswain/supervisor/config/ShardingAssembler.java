package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.shard.ShardingConfig;

/** Makes {@code sharding}, and refuses what can't be shared. */
final class ShardingAssembler {
    /** As a StatefulSet names its pods, and many people their hosts. */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile(".*?(\\d{1,4})");

    private final Map<String, String> environment;
    private final Supplier<String> hostName;

    ShardingAssembler(Map<String, String> environment, Supplier<String> hostName) {
        this.environment = environment;
        this.hostName = hostName;
    }

    /**
     * What the section says.
     *
     * @param supervisor the supervisor's name
     * @param served names of the control planes that are served here
     */
    ShardingConfig assemble(Section section, String supervisor, Map<String, ControlPlaneConfig> planes,
            Set<String> served) {
        String mode = section.get(ShardingKeys.MODE);
        refuse(section, mode, ShardingKeys.STATIC, ShardingKeys.OF_STATIC);
        refuse(section, mode, ShardingKeys.KUBERNETES, ShardingKeys.OF_KUBERNETES);
        if (mode.equals(ShardingKeys.NONE)) {
            return new ShardingConfig.None();
        }
        for (String name : planes.keySet()) {
            if (served.contains(name)) {
                section.refuse(ShardingKeys.MODE, "can't be " + mode + ", because control plane " + name
                        + " is served by this supervisor and its runners have no credentials that could be shared",
                        "run it as a fleet of its own");
            }
        }
        return mode.equals(ShardingKeys.STATIC) ? fixed(section) : kubernetes(section, supervisor);
    }

    private static void refuse(Section section, String mode, String owner, List<ConfigKey<?>> keys) {
        if (!mode.equals(owner)) {
            keys.stream().filter(section::isWritten)
                    .forEach(
                            key -> section.refuse(key, "belongs to mode " + owner + ", and the mode is " + mode, null));
        }
    }

    private ShardingConfig fixed(Section section) {
        Integer count = section.find(ShardingKeys.COUNT);
        if (!section.isWritten(ShardingKeys.COUNT)) {
            section.refuse(ShardingKeys.COUNT, "is missing", ShardingKeys.COUNT.meaning());
        }
        Integer index = section.find(ShardingKeys.INDEX);
        if (!section.isWritten(ShardingKeys.INDEX)) {
            Matcher number = ENDS_IN_NUMBER.matcher(hostName.get().replaceAll("\\..*", ""));
            if (number.matches()) {
                index = Integer.valueOf(number.group(1));
            } else {
                section.refuse(ShardingKeys.INDEX, "is missing, and the host name does not end in a number",
                        ShardingKeys.INDEX.meaning());
            }
        }
        if (index == null || count == null) {
            return new ShardingConfig.None();
        }
        if (index >= count) {
            section.refuse(section.isWritten(ShardingKeys.INDEX) ? ShardingKeys.INDEX : ShardingKeys.COUNT,
                    "index " + index + " is not below count " + count, "indexes begin with 0");
        }
        return new ShardingConfig.Static(index, count);
    }

    private ShardingConfig kubernetes(Section section, String supervisor) {
        String member = section.find(ShardingKeys.MEMBER);
        if (member == null) {
            member = name(environment.getOrDefault("POD_NAME", supervisor));
        }
        return new ShardingConfig.Kubernetes(section.find(ShardingKeys.NAMESPACE), section.get(ShardingKeys.FLEET),
                member,
                section.get(ShardingKeys.SHARDS), section.get(ShardingKeys.LEASE_DURATION));
    }

    /** Names that become one are found out: the second of them does not take part. */
    private static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        name = name.substring(0, Math.min(name.length(), 63)).replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "supervisor" : name;
    }
}
