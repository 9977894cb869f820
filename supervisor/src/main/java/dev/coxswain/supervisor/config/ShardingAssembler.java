package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.config.FleetKeys.Sharding;
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
        String mode = section.get(Sharding.MODE);
        refuse(section, mode, Sharding.STATIC, Sharding.OF_STATIC);
        refuse(section, mode, Sharding.KUBERNETES, Sharding.OF_KUBERNETES);
        if (mode.equals(Sharding.NONE)) {
            return new ShardingConfig.None();
        }
        for (String name : planes.keySet()) {
            if (served.contains(name)) {
                section.refuse(Sharding.MODE, "can't be " + mode + ", because control plane " + name
                        + " is served by this supervisor and its runners have no credentials that could be shared",
                        "run it as a fleet of its own");
            }
        }
        return mode.equals(Sharding.STATIC) ? fixed(section) : kubernetes(section, supervisor);
    }

    private static void refuse(Section section, String mode, String owner, List<ConfigKey<?>> keys) {
        if (!mode.equals(owner)) {
            keys.stream().filter(section::isWritten)
                    .forEach(
                            key -> section.refuse(key, "belongs to mode " + owner + ", and the mode is " + mode, null));
        }
    }

    private ShardingConfig fixed(Section section) {
        Integer count = section.find(Sharding.COUNT);
        if (!section.isWritten(Sharding.COUNT)) {
            section.refuse(Sharding.COUNT, "is missing", Sharding.COUNT.meaning());
        }
        Integer index = section.find(Sharding.INDEX);
        if (!section.isWritten(Sharding.INDEX)) {
            Matcher number = ENDS_IN_NUMBER.matcher(hostName.get().replaceAll("\\..*", ""));
            if (number.matches()) {
                index = Integer.valueOf(number.group(1));
            } else {
                section.refuse(Sharding.INDEX, "is missing, and the host name does not end in a number",
                        Sharding.INDEX.meaning());
            }
        }
        if (index == null || count == null) {
            return new ShardingConfig.None();
        }
        if (index >= count) {
            section.refuse(section.isWritten(Sharding.INDEX) ? Sharding.INDEX : Sharding.COUNT,
                    "index " + index + " is not below count " + count, "indexes begin with 0");
        }
        return new ShardingConfig.Static(index, count);
    }

    private ShardingConfig kubernetes(Section section, String supervisor) {
        String member = section.find(Sharding.MEMBER);
        if (member == null) {
            member = name(environment.getOrDefault("POD_NAME", supervisor));
        }
        return new ShardingConfig.Kubernetes(section.find(Sharding.NAMESPACE), section.get(Sharding.FLEET), member,
                section.get(Sharding.SHARDS), section.get(Sharding.LEASE_DURATION));
    }

    /** Names that become one are found out: the second of them does not take part. */
    private static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        name = name.substring(0, Math.min(name.length(), 63)).replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "supervisor" : name;
    }
}
