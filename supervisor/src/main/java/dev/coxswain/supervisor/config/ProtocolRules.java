package dev.coxswain.supervisor.config;

import java.util.Arrays;
import java.util.List;

/** What the rules of a pool depend on: the protocol of its control plane. */
enum ProtocolRules {
    /** contract xenonflare-studio */
    STUDIO("xenonflare-studio", List.of(FleetKeys.PIPELINE), false, true),
    /** contract xenonflare-workspace */
    WORKSPACE("xenonflare-workspace", List.of(FleetKeys.RESPONSES, FleetKeys.PIPELINE), false, false),
    /** contract oore-ci */
    OORE("oore", List.of(FleetKeys.FLUTTER), true, false);

    private final String protocol;
    private final List<String> kinds;
    private final boolean withIds;
    private final boolean oneJobEach;

    ProtocolRules(String protocol, List<String> kinds, boolean withIds, boolean oneJobEach) {
        this.protocol = protocol;
        this.kinds = kinds;
        this.withIds = withIds;
        this.oneJobEach = oneJobEach;
    }

    /** Of a protocol that the file may name. */
    static ProtocolRules of(String protocol) {
        return Arrays.stream(values()).filter(rules -> rules.protocol.equals(protocol)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no protocol " + protocol));
    }

    /** All protocols, as the file writes them. */
    static List<String> names() {
        return Arrays.stream(values()).map(ProtocolRules::protocol).toList();
    }

    /** The protocols whose jobs this kind of workload can do. */
    static List<String> doing(String kind) {
        return Arrays.stream(values()).filter(rules -> rules.kinds.contains(kind)).map(ProtocolRules::protocol)
                .toList();
    }

    String protocol() {
        return protocol;
    }

    /** Kinds of workloads that can do its jobs; the first one is the usual one. */
    List<String> kinds() {
        return kinds;
    }

    /** Whether a credential is a runner's id and its token. */
    boolean withIds() {
        return withIds;
    }

    /** Whether a runner holds one job at a time, whatever is configured. */
    boolean oneJobEach() {
        return oneJobEach;
    }
}
