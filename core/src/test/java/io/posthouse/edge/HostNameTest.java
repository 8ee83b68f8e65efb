package io.posthouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "mx.example.net", "MX_1.example-2.net", "127.0.0.1", "xn--mnchen-3ya.de"})
  void whatHostsAreCalledIsAHostName(String name) {
    assertThat(HostName.isValid(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a\r\nb",
        "a\u0000",
        "a\u001b[2J",
        "münchen.de",
        "a\u202eb",
        "[127.0.0.1]",
        "a=b",
        "\"a\"",
        "a\\b",
        "a/b",
        "a%b",
        "a@b",
        "a:b"
      })
  void whatMeansSomethingElsewhereIsNone(String name) {
    assertThat(HostName.isValid(name)).isFalse();
  }

  @Test
  void labelsAndNamesAreBounded() {
    String label = "a".repeat(63);
    assertThat(HostName.isValid(label + ".b")).isTrue();
    assertThat(HostName.isValid(label + "a.b")).isFalse();
    String longest = String.join(".", label, label, label, "a".repeat(61));
    assertThat(longest).hasSize(253);
    assertThat(HostName.isValid(longest)).isTrue();
    assertThat(HostName.isValid(longest + "a")).isFalse();
  }
}
