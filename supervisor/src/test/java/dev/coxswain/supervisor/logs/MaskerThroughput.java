package dev.coxswain.supervisor.logs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import dev.coxswain.supervisor.controlplane.Secret;

/** Prints how fast the masker is, warm, in chunks of 64 KiB on one thread; a program, not a test. */
final class MaskerThroughput {
    private static final int CHUNK = 64 << 10;

    private MaskerThroughput() {}

    public static void main(String[] args) {
        byte[] log = buildLog(64 << 20);
        measure("build log, no secret set", log, List.of());
        measure("build log, 1 secret", log, secrets(1, 24));
        measure("build log, 10 secrets of 24", log, secrets(10, 24));
        measure("build log, 10 secrets of 6", log, secrets(10, 6));
        measure("build log, 100 secrets of 40", log, secrets(100, 40));
        measure("build log, 10 secrets of 1500", log, secrets(10, 1500));
        List<String> ten = secrets(10, 24);
        measure("base64 noise, 10 secrets of 24", noise(64 << 20), ten);
        measure("a secret in every line, 10 secrets", spiked(log, ten), ten);
        byte[] worst = new byte[16 << 20];
        Arrays.fill(worst, (byte) 'a');
        measure("worst case: endless near misses", worst, List.of("a".repeat(4000) + "b"));
    }

    private static void measure(String name, byte[] text, List<String> secrets) {
        double best = 0;
        for (int round = 0; round < 6; round++) {
            Masker masker = new Masker();
            secrets.forEach(secret -> masker.add(new Secret(secret)));
            long out = 0;
            long begin = System.nanoTime();
            for (int at = 0; at < text.length; at += CHUNK) {
                out += masker.mask(Arrays.copyOfRange(text, at, at + CHUNK)).length;
            }
            out += masker.finish().length;
            double rate = text.length / (double) (System.nanoTime() - begin);
            best = Math.max(best, out > 0 ? rate : 0);
        }
        System.out.printf(Locale.ROOT, "%-40s %6.2f GB/s%n", name, best);
    }

    private static byte[] buildLog(int size) {
        Random random = new Random(7);
        StringBuilder out = new StringBuilder(size + 200);
        String[] lines = {"[INFO] Compiling %d source files with javac [debug release 21] to target/classes\n",
                "npm http fetch GET 200 https://registry.npmjs.org/left-pad/-/left-pad-1.%d.0.tgz 21ms (cache hit)\n",
                "    at com.example.service.Handler.process(Handler.java:%d) ~[app.jar:1.4.2]\n",
                "2026-05-04T10:11:12.%dZ step 4/9: RUN apt-get install -y --no-install-recommends curl git\n",
                "\u001b[32mPASS\u001b[0m src/components/Button.test.tsx (%d ms)\n",
                "Downloaded from central: https://repo.maven.apache.org/maven2/org/x/y/1.%d/y.jar (1.2 MB at 8 MB/s)\n",
                "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f%d00a08 extracting\n"};
        while (out.length() < size) {
            out.append(lines[random.nextInt(lines.length)].replace("%d", Integer.toString(random.nextInt(10000))));
        }
        return Arrays.copyOf(out.toString().getBytes(StandardCharsets.UTF_8), size);
    }

    private static byte[] noise(int size) {
        byte[] text = new byte[size];
        Random random = new Random(9);
        for (int i = 0; i < size; i++) {
            text[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return text;
    }

    private static byte[] spiked(byte[] log, List<String> secrets) {
        byte[] text = log.clone();
        for (int at = 0; at < text.length - 100; at += 90) {
            byte[] secret = secrets.get(at % secrets.size()).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(secret, 0, text, at, secret.length);
        }
        return text;
    }

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static List<String> secrets(int count, int length) {
        Random random = new Random(11);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder secret = new StringBuilder();
            for (int c = 0; c < length; c++) {
                secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            all.add(secret.toString());
        }
        return all;
    }
}
