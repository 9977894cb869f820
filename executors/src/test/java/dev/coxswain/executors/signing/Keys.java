package dev.coxswain.executors.signing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Real keystores, made by the keytool of the JDK that runs this, and real ZIP files. */
final class Keys {
    static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    static final String ALIAS = "upload";

    private Keys() {}

    /** A keystore with one key, and its certificate. */
    record Made(byte[] bytes, Certificate certificate, String storePassword, String keyPassword) {
        SigningProfile profile() {
            return new SigningProfile(bytes.clone(), storePassword, ALIAS, keyPassword);
        }

        AndroidMaterial release() {
            return new AndroidMaterial(Map.of(Variant.RELEASE, profile()));
        }
    }

    static Made make(Path folder, String type, String owner, String storePassword, String keyPassword)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve(owner + "." + type);
        tool("keytool", "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname",
                "CN=" + owner, "-validity", "3000", "-storetype", type, "-keystore", file.toString(), "-storepass",
                storePassword, "-keypass", keyPassword);
        byte[] bytes = Files.readAllBytes(file);
        KeyStore store = KeyStore.getInstance(type);
        store.load(new ByteArrayInputStream(bytes), storePassword.toCharArray());
        return new Made(bytes, store.getCertificate(ALIAS), storePassword, keyPassword);
    }

    /** Runs a program of this JDK; returns what it said. */
    static String tool(String name, String... arguments) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(JAVA_HOME.resolve("bin").resolve(name).toString(),
                "-J-Duser.language=en"));
        argv.addAll(List.of(arguments));
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** What each entry holds is its name. */
    static byte[] zip(String stored, String... deflated) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            byte[] content = stored.getBytes(StandardCharsets.UTF_8);
            ZipEntry entry = new ZipEntry(stored);
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
            for (String name : deflated) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
