package dev.coxswain.supervisor.coderunner;

import java.net.InetSocketAddress;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;

/** The proxies in front of us whose word about a caller is taken (contract section 9): their networks. Compared as written. */
public final class TrustedProxies {
    /** Nobody's word is taken. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<String> networks;
    private final List<IpSubnetFilterRule> rules;

    /** @param networks as {@link #rule} takes them */
    public TrustedProxies(List<String> networks) {
        this.networks = List.copyOf(networks);
        this.rules = networks.stream().map(TrustedProxies::rule).toList();
    }

    /** Whether a connection from there is one of theirs. */
    boolean cover(@Nullable InetSocketAddress remote) {
        return remote != null && rules.stream().anyMatch(rule -> rule.matches(remote));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrustedProxies proxies && proxies.networks.equals(networks);
    }

    @Override
    public int hashCode() {
        return networks.hashCode();
    }

    @Override
    public String toString() {
        return networks.toString();
    }

    /**
     * An address, or a network as {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException for another text
     */
    public static IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        String address = slash < 0 ? network : network.substring(0, slash);
        boolean six = address.contains(":");
        // a name would be looked up, which waits, and may change
        if (!address.matches(six ? "[0-9A-Fa-f:.]+" : "[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            throw new IllegalArgumentException("not an address");
        }
        int bits = slash < 0 ? (six ? 128 : 32) : Integer.parseInt(network.substring(slash + 1));
        return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
    }
}
