package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {
  private static final List<String> NAMES = List.of("ex1", "ex2", "max-connections", "weight");

  @ParameterizedTest
  @CsvSource({"Ex3, ex1", "ex9, ex1", "wieght, weight", "max_conections, max-connections"})
  void findsWhatWasMeant(String written, String meant) {
    assertThat(NearestWord.to(written, NAMES)).contains(meant);
  }

  @Test
  void makesNoGuessWhereNothingIsNear() {
    assertThat(NearestWord.to("a b/%2e?#", NAMES)).isEmpty();
    assertThat(NearestWord.to("", NAMES)).isEmpty();
    assertThat(NearestWord.to("x".repeat(100_000), List.of("x".repeat(100_000)))).isEmpty();
  }
}
