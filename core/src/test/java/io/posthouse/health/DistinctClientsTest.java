package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DistinctClientsTest {
  private final DistinctClients clients = new DistinctClients();
  private long now = Long.MAX_VALUE - 5;

  @Test
  void oneClientIsNeverEnough() {
    for (int i = 0; i < 1000; i++) {
      assertThat(clients.add(7, now)).isFalse();
    }
    assertThat(clients.add(8, now)).isFalse();
    assertThat(clients.add(7, now)).isFalse();
    assertThat(clients.add(9, now)).isTrue();
  }

  @Test
  void theThirdDecidesAndAllBeginAnew() {
    clients.add(1, now);
    clients.add(2, now);
    assertThat(clients.add(3, now)).isTrue();
    assertThat(clients.add(1, now)).isFalse();
    assertThat(clients.add(2, now)).isFalse();
    assertThat(clients.add(3, now)).isTrue();
  }

  @Test
  void whoWasHeardLongAgoDoesNotCount() {
    clients.add(1, now);
    now += Duration.ofSeconds(59).toNanos();
    clients.add(2, now);
    now += Duration.ofSeconds(1).toNanos();
    assertThat(clients.add(3, now)).isFalse();
    assertThat(clients.add(4, now)).isTrue();
  }

  @Test
  void aSuccessForgetsThem() {
    clients.add(1, now);
    clients.add(2, now);
    clients.clear();
    assertThat(clients.add(3, now)).isFalse();
  }
}
