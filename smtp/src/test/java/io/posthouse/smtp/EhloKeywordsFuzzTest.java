package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class EhloKeywordsFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void whatIsOfferedIsReadBack(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    EhloKeywords offered = EhloKeywords.of(new Reply(250, List.of(text.split("\n", -1))));
    assertThat(offered.parameters().keySet())
        .allMatch(keyword -> keyword.chars().allMatch(c -> c > ' ' && c < 0x7f))
        .allMatch(keyword -> keyword.chars().noneMatch(c -> c >= 'a' && c <= 'z'));
    List<String> lines = new ArrayList<>(List.of("mx.example"));
    lines.addAll(offered.lines());
    assertThat(EhloKeywords.of(new Reply(250, lines))).isEqualTo(offered);
    assertThat(offered.carry(offered.parameters().keySet())).isTrue();
  }
}
