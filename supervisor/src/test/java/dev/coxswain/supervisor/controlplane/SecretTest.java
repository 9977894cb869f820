package dev.coxswain.supervisor.controlplane;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretTest {
    @Test
    void neverPrintsItselfNorInARecord() {
        Secret token = new Secret("id.hush");
        SignedUpload upload = new SignedUpload(new Artifact("a.png", Path.of("a.png"), 1, "image/png"),
                new Secret("https://store/a.png?sig=hush"), Map.of("x-key", "hush"), null, "https://cdn/a.png?t=hush");

        assertThat(token.toString()).doesNotContain("hush");
        assertThat(new Credential("r1", token).toString()).contains("r1").doesNotContain("hush");
        assertThat(upload.toString()).contains("a.png").doesNotContain("hush");
    }

    @Test
    void isEqualByItsTextAndNamedByAFingerprint() {
        assertThat(new Secret("a")).isEqualTo(new Secret("a")).hasSameHashCodeAs(new Secret("a"))
                .isNotEqualTo(new Secret("b"));
        assertThat(new Secret("a").fingerprint()).isEqualTo("ca978112")
                .isNotEqualTo(new Secret("b").fingerprint());
        assertThat(new Secret("a").reveal()).isEqualTo("a");
    }

    @Test
    void isNotEmpty() {
        assertThatThrownBy(() -> new Secret("")).isInstanceOf(IllegalArgumentException.class);
    }
}
