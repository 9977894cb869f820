package dev.coxswain.supervisor.simulator.oore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;

/**
 * Makes a keystore that {@code apksigner} and {@code jarsigner} open: one new key with a certificate signed by itself. By
 * hand, because the JDK makes such a certificate in its command-line tool only.
 */
final class UploadKey {
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int UTF8 = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int EXPLICIT_0 = 0xA0;
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

    private UploadKey() {}

    /** The keystore in PKCS #12, key and store under the same password. Takes some milliseconds. */
    static byte[] keystore(String alias, String password) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            KeyStore keystore = KeyStore.getInstance("PKCS12");
            keystore.load(null, null);
            keystore.setKeyEntry(alias, pair.getPrivate(), password.toCharArray(),
                    new Certificate[]{certificate(pair)});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            keystore.store(out, password.toCharArray());
            return out.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK makes keys, certificates and PKCS #12", e);
        }
    }

    private static Certificate certificate(KeyPair pair) throws GeneralSecurityException {
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text(UTF8, "Simulated upload key"))));
        byte[] body = der(SEQUENCE, der(EXPLICIT_0, der(INTEGER, new byte[]{2})), der(INTEGER, new byte[]{1}),
                ECDSA_WITH_SHA256, name,
                der(SEQUENCE, text(UTC_TIME, "200101000000Z"), text(UTC_TIME, "491231235959Z")), name,
                pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] whole = der(SEQUENCE, body, ECDSA_WITH_SHA256, der(BITS, new byte[]{0}, signature.sign()));
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] text(int tag, String text) {
        return der(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Tag, length and these parts; a length of up to 65,535. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int length = content.size();
        whole.write(tag);
        if (length > 255) {
            whole.write(0x82);
            whole.write(length >> 8);
        } else if (length > 127) {
            whole.write(0x81);
        }
        whole.write(length & 0xFF);
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
