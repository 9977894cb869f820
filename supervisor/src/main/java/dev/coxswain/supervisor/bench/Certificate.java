package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate for 127.0.0.1, signed by itself and made for one run by the keytool beside this JVM.
 *
 * @param keys PKCS #12 with key and certificate; also what a JVM may trust
 * @param pem the certificate alone, for other programs
 */
record Certificate(Path keys, Path pem) {
    /** Protects nothing: the key is of this run's loopback only, and keytool insists on one. */
    static final String PASSWORD = "loopback";

    private static final String ALIAS = "store";

    static Certificate make(Scope scope) {
        Path folder = scope.newFolder();
        Certificate made = new Certificate(folder.resolve("keys.p12"), folder.resolve("certificate.pem"));
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Programs.output(List.of(keytool, "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1",
                "-dname", "CN=127.0.0.1", "-ext", "SAN=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12",
                "-keystore", made.keys.toString(), "-storepass", PASSWORD));
        try {
            byte[] encoded = made.load().getCertificate(ALIAS).getEncoded();
            Files.writeString(made.pem, "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END CERTIFICATE-----\n");
            return made;
        } catch (IOException | GeneralSecurityException e) {
            throw new BenchException("no certificate can be made for the store: " + e.getMessage(), e);
        }
    }

    /** Has a JVM trust it, and nothing else. */
    List<String> trusted() {
        return List.of("-Djavax.net.ssl.trustStore=" + keys, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                "-Djavax.net.ssl.trustStoreType=PKCS12");
    }

    /** What the server shows, from such a key store. */
    static KeyManagerFactory shown(Path keys) throws IOException, GeneralSecurityException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(new Certificate(keys, keys).load(), PASSWORD.toCharArray());
        return managers;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    }
}
