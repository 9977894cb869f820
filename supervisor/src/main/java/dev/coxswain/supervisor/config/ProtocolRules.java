package dev.coxswain.supervisor.config;

import java.util.Arrays;
import java.util.List;

/** What the rules of a pool depend on: the protocol of its control plane. */
enum ProtocolRules {
    /** contract xenonflare-studio */
    STUDIO("xenonflare-studio", List.of(WorkloadKeys.PIPELINE), false, 1),
    /** contract xenonflare-workspace */
    WORKSPACE("xenonflare-workspace", List.of(WorkloadKeys.RESPONSES, WorkloadKeys.PIPELINE), false, 1),
    /** contract oore-ci */
    OORE("oore", List.of(WorkloadKeys.FLUTTER), true, 1),
    /** contract shithub-actions */
    SHITHUB("shithub", List.of(WorkloadKeys.ACTIONS), false, 64),
    /** contract coderunner; served by ourselves */
    CODERUNNER("coderunner", List.of(WorkloadKeys.FUNCTION), false, 1);

    private final String protocol;
    private final List<String> kinds;
    private final boolean withIds;
    private final int mostJobs;

    ProtocolRules(String protocol, List<String> kinds, boolean withIds, int mostJobs) {
        this.protocol = protocol;
        this.kinds = kinds;
        this.withIds = withIds;
        this.mostJobs = mostJobs;
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

    /** Whether we serve it ourselves: then it has no URL to call, and its runners no credentials. */
    boolean served() {
        return this == CODERUNNER;
    }

    /** How many jobs a runner may be configured to hold at once; 1 where more are forbidden, or nobody knows. */
    int mostJobs() {
        return mostJobs;
    }
}
