package dev.coxswain.supervisor.shard;

import dev.coxswain.supervisor.controlplane.Credential;

/**
 * Who a credential is, whichever pool uses it: the runner's id at its control plane where it has one, else a fingerprint
 * of the token. Two pools with one credential have one identity, so that one supervisor holds both.
 *
 * @param key 16 hex digits; gives nothing of the credential away
 * @param hash the same as a number
 */
record Identity(String key, long hash) {
    static Identity of(Credential credential) {
        long hash = Rendezvous.hash(
                credential.id() != null ? "id " + credential.id() : "token " + credential.token().fingerprint(16));
        return new Identity(String.format("%016x", hash), hash);
    }

    /** Its part of so many. */
    int shard(int shards) {
        return (int) Long.remainderUnsigned(hash, shards);
    }
}
