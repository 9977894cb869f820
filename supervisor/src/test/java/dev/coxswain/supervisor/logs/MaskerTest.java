package dev.coxswain.supervisor.logs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Secret;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MaskerTest {
    @Property(tries = 200)
    void anyCutIntoChunksMasksLikeTheWholeTextAtOnce(@ForAll("secrets") List<String> secrets, @ForAll long seed) {
        byte[] text = textAround(secrets, new Random(seed));
        Masker masker = masker(secrets);

        assertThat(stream(masker, text, new Random(seed))).isEqualTo(NaiveMask.of(secrets, text));
    }

    @Property(tries = 200)
    void whatJobsShareAndWhatIsTheirOwnAreHiddenAsIfTheyWereOne(@ForAll("secrets") List<String> secrets,
            @ForAll long seed) {
        byte[] text = textAround(secrets, new Random(seed));
        int shared = new Random(seed).nextInt(secrets.size() + 1);

        assertThat(stream(masker(secrets, shared), text, new Random(seed))).isEqualTo(NaiveMask.of(secrets, text));
    }

    @Property(tries = 200)
    void noFormOfASecretIsInTheOutput(@ForAll("secrets") List<String> secrets, @ForAll long seed) {
        byte[] text = textAround(secrets, new Random(seed));
        String output = latin1(stream(masker(secrets), text, new Random(seed)));

        for (String secret : secrets) {
            for (byte[] form : SecretForms.of(new Secret(secret))) {
                assertThat(output).doesNotContain(latin1(form));
            }
        }
    }

    @Property(tries = 200)
    void bytesWithoutASecretAreUntouched(@ForAll @Size(max = 3000) byte[] text, @ForAll long seed) {
        List<String> absent = List.of("never-in-there-1", "Zq7!never-in-there-2", "äöü-never-3");

        assertThat(stream(masker(absent), text, new Random(seed))).isEqualTo(text);
    }

    @Provide
    Arbitrary<List<String>> secrets() {
        // A small alphabet makes secrets that overlap, repeat and contain each other.
        Arbitrary<String> alike = Arbitraries.strings().withChars("ab").ofMinLength(6).ofMaxLength(14);
        Arbitrary<String> any = Arbitraries.strings().withChars("aB3+/=%\"\\ ü\n-_").ofMinLength(6).ofMaxLength(40);
        return Arbitraries.oneOf(alike, any).list().ofMinSize(1).ofMaxSize(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void base64OfALongerTextHidesTheSecretInside(int before) {
        String secret = "hunter2-is-no-password";
        byte[] clear = ("x".repeat(before) + secret + ":tail").getBytes(StandardCharsets.UTF_8);

        String output = masked(secret, Base64.getEncoder().encodeToString(clear));

        assertThat(output).contains("***");
        String plain = Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        assertThat(output.length()).isLessThanOrEqualTo((before + 5) * 4 / 3 + 3 + 6);
        assertThat(output).doesNotContain(plain.substring(4, 12));
    }

    @ParameterizedTest
    @CsvSource({"'p@ss/w ord+1','q=p%40ss%2Fw%20ord%2B1&','q=***&'", "'p@ss/w ord+1','q=p%40ss%2fw+ord%2b1&','q=***&'",
            "'to~ken/*(x)','java=to%7Eken%2F*%28x%29','java=***'", "'to~ken/*(x)','js=to~ken%2F*(x)','js=***'",
            "'to~ken/*(x)','python=to~ken/%2A%28x%29','python=***'",
            "'a\"quoted\"one','{\"k\":\"a\\\"quoted\\\"one\"}','{\"k\":\"***\"}'",
            "'schlüssel','\"schl\\u00fcssel\"','\"***\"'", "'abcdef','abcdefabcdef abcdeabcdef','*** abcde***'"})
    void otherProgramsSpellingsAreHidden(String secret, String text, String expected) {
        assertThat(masked(secret, text)).isEqualTo(expected);
    }

    @Test
    void eachLineOfASecretWithLinesIsHidden() {
        String key = "-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\nab\n-----END KEY-----\n";

        assertThat(masked(key, "> MIIEowIBAAKCAQEA\r\n> ab\n")).isEqualTo("> ***\r\n> ab\n");
        assertThat(masked(key, "[" + key + "]")).isEqualTo("[***]");
        assertThat(masked(key, "{" + key.replace("\n", "\\n") + "}")).isEqualTo("{***}");
    }

    @Test
    void aSecretLongerThanWhatIsHeldBackIsHiddenWhole() {
        byte[] random = new byte[30_000];
        new Random(5).nextBytes(random);
        String secret = Base64.getMimeEncoder().encodeToString(random).replace("\r\n", "-");

        assertThat(masked(secret, "a " + secret + " b")).isEqualTo("a *** b");
    }

    @Test
    void onlyTheBeginningOfASecretIsHeldBack() {
        Masker masker = masker(List.of("topsecret"));

        assertThat(latin1(masker.mask("hello\n".getBytes(StandardCharsets.UTF_8)))).isEqualTo("hello\n");
        assertThat(latin1(masker.mask("a tops".getBytes(StandardCharsets.UTF_8)))).isEqualTo("a ");
        assertThat(latin1(masker.mask("ecret".getBytes(StandardCharsets.UTF_8)))).isEqualTo("***");
        assertThat(latin1(masker.mask("topsecre".getBytes(StandardCharsets.UTF_8)))).isEmpty();
        assertThat(latin1(masker.finish())).isEqualTo("topsecre");
    }

    @Test
    void aSecretAddedLaterIsHiddenFromThenOnAndTheStreamGoesOn() {
        Masker masker = masker(List.of("firstsecret"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        out.writeBytes(masker.mask("latersecret firsts".getBytes(StandardCharsets.UTF_8)));
        masker.add(new Secret("latersecret"));
        out.writeBytes(masker.mask("ecret later".getBytes(StandardCharsets.UTF_8)));
        masker.add(new Secret("third-one"));
        out.writeBytes(masker.mask("secret third-one.".getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(masker.finish());

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("latersecret *** *** ***.");
    }

    @Test
    void textsBesideTheLogAreMaskedWithoutTouchingTheStream() {
        Masker masker = masker(List.of("topsecret"));
        assertThat(latin1(masker.mask("x tops".getBytes(StandardCharsets.UTF_8)))).isEqualTo("x ");

        assertThat(masker.mask("curl: topsecret äöü tops")).isEqualTo("curl: *** äöü tops");
        assertThat(masker.mask("nothing in it")).isEqualTo("nothing in it");

        assertThat(latin1(masker.finish())).isEqualTo("tops");
    }

    @ParameterizedTest
    @CsvSource({"7, 'a7b77c', 'a***b***c'", "ab, 'xabab aab', 'x*** a***'", "abc, 'ababc', 'ab***'",
            "true, 'true is true', '*** is ***'",
            "12345, '1234512346', '***12346'", "ü, 'über', '***ber'"})
    void aSecretOfTheJobItselfIsHiddenHoweverShortItIs(String secret, String text, String expected) {
        assertThat(masked(secret, text)).isEqualTo(expected);
    }

    @Property(tries = 200)
    void shortAndLongSecretsAreHiddenTogetherHoweverTheStreamIsCut(@ForAll("short") List<String> secrets,
            @ForAll long seed) {
        byte[] text = textAround(secrets, new Random(seed));

        assertThat(stream(masker(secrets), text, new Random(seed))).isEqualTo(NaiveMask.ofAnyLength(secrets, text));
    }

    @Provide("short")
    Arbitrary<List<String>> shortSecrets() {
        return Arbitraries.strings().withChars("ab").ofMinLength(1).ofMaxLength(9).list().ofMinSize(1).ofMaxSize(4);
    }

    @Test
    void aShortSecretThatIsLearntLateIsHiddenFromThenOn() {
        Masker masker = masker(List.of("firstsecret"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        out.writeBytes(masker.mask("pin 123 first".getBytes(StandardCharsets.UTF_8)));
        masker.add(new Secret("123"));
        out.writeBytes(masker.mask("secret pin 12".getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(masker.mask("3.".getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(masker.finish());

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("pin 123 *** pin ***.");
        assertThat(masker.mask("the pin is 123")).isEqualTo("the pin is ***");
    }

    @Test
    void whatStandsWhereSecretsStandAndIsShortSpoilsNothing() {
        Masker masker = new Masker(new SecretSet(List.of(new Secret("true"), new Secret("8080"))));

        assertThat(masker.mask("true is 8080")).isEqualTo("true is 8080");
        masker.add(new Secret("8080"));
        assertThat(masker.mask("true is 8080")).isEqualTo("true is ***");
    }

    @Test
    void tooMuchSecretTextIsAnError() {
        assertThatThrownBy(() -> masker(List.of("x".repeat(SecretSet.MAX_CHARS), "another")))
                .isInstanceOf(LogException.class).hasMessageContaining("262144").hasMessageNotContaining("another");
    }

    @Test
    void textsMadeToHurtStayLinear() {
        // Every byte is a near miss of patterns that fall back onto each other; quadratic work would run for hours.
        Masker masker = masker(List.of("a".repeat(4000) + "b", "a".repeat(2000) + "c", "a".repeat(77) + "d"));
        byte[] chunk = new byte[1 << 20];
        Arrays.fill(chunk, (byte) 'a');
        long out = 0;
        for (int i = 0; i < 32; i++) {
            out += masker.mask(chunk).length;
        }
        assertThat(out + masker.finish().length).isEqualTo(32L << 20);
    }

    private static String masked(String secret, String text) {
        return new String(stream(masker(List.of(secret)), text.getBytes(StandardCharsets.UTF_8), new Random(1)),
                StandardCharsets.UTF_8);
    }

    private static Masker masker(List<String> secrets) {
        return masker(secrets, 0);
    }

    /** @param shared how many of them are shared with other jobs; the rest is the job's own */
    private static Masker masker(List<String> secrets, int shared) {
        List<Secret> all = secrets.stream().map(Secret::new).toList();
        Masker masker = new Masker(new SecretSet(all.subList(0, shared)));
        all.forEach(masker::add);
        return masker;
    }

    /** Cuts the text anywhere, also into empty pieces and single bytes. */
    static byte[] stream(Masker masker, byte[] text, Random cuts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        int most = 1 + cuts.nextInt(200);
        while (at < text.length) {
            int to = Math.min(text.length, at + cuts.nextInt(most + 1));
            out.writeBytes(masker.mask(Arrays.copyOfRange(text, at, to)));
            at = to;
        }
        out.writeBytes(masker.finish());
        return out.toByteArray();
    }

    /** Noise, whole forms, and beginnings and ends of forms, in any order. */
    private static byte[] textAround(List<String> secrets, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<byte[]> forms = secrets.stream().flatMap(secret -> SecretForms.ofAnyLength(new Secret(secret)).stream())
                .toList();
        for (int i = random.nextInt(30); i >= 0; i--) {
            byte[] form = forms.isEmpty() ? new byte[0] : forms.get(random.nextInt(forms.size()));
            switch (random.nextInt(4)) {
                case 0 -> out.writeBytes(form);
                case 1 -> out.write(form, 0, random.nextInt(form.length + 1));
                case 2 -> {
                    int from = random.nextInt(form.length + 1);
                    out.write(form, from, form.length - from);
                }
                default -> {
                    byte[] noise = new byte[random.nextInt(40)];
                    random.nextBytes(noise);
                    out.writeBytes(noise);
                }
            }
        }
        return out.toByteArray();
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
