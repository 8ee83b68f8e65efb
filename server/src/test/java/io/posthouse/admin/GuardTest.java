package io.posthouse.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:8025", "127.0.0.1", "127.9.9.9:1", "[::1]", "[::1]:8025"})
  void lettersAndNumbersOfLoopbackPass(String host) {
    assertThat(Guard.isLoopback(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", "::1", "localhost.", "localhost:x", "localhost.evil.example", "127.0.0.1@evil",
        "127.1", "0x7f000001", "2130706433", "10.0.0.1", "[::2]", "[::1", "127.0.0.1:1:2"
      })
  void allElseIsForeign(String host) {
    assertThat(Guard.isLoopback(host)).isFalse();
  }
}
