package dev.coxswain.executors.deliverable;

import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JsTextTest {
    @Test
    void blanksAreThoseOfJavaScript() {
        Pattern blank = Pattern.compile(JsText.BLANK);
        for (int c = 0; c <= 0xffff; c++) {
            boolean expected = (c >= 9 && c <= 13) || c == 0xfeff || c == 0x2028 || c == 0x2029
                    || Character.getType(c) == Character.SPACE_SEPARATOR;
            assertThat(JsText.isBlank((char) c)).as("U+%04X", c).isEqualTo(expected);
            assertThat(blank.matcher(String.valueOf((char) c)).matches()).as("U+%04X", c).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotBlankThereStays() {
        assertThat(JsText.trim("\u0085\u001cx\u200b")).isEqualTo("\u0085\u001cx\u200b");
        assertThat(JsText.trim("\ufeff \u00a0\u2029")).isEmpty();
    }

    @Test
    void aCutLeavesNoHalf() {
        assertThat(JsText.cut("ab\ud83d\ude00", 3)).isEqualTo("ab");
        assertThat(JsText.cut("ab\ud83d\ude00", 4)).isEqualTo("ab\ud83d\ude00");
        assertThat(JsText.whole("\ud83d\ud83d\ude00\ude00x")).isEqualTo("\ufffd\ud83d\ude00\ufffdx");
    }
}
