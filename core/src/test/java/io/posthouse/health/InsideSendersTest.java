package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.AdminState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InsideSendersTest {
  @Test
  void domainsAreExactWithoutRegardToCase() {
    InsideSenders senders = new InsideSenders(Set.of("Contoso.com"));
    assertThat(senders.scope("a@contoso.COM")).isEqualTo(SenderScope.INSIDE);
    assertThat(senders.scope("\"b@c\"@contoso.com")).isEqualTo(SenderScope.INSIDE);
    assertThat(senders.scope("a@mail.contoso.com")).isEqualTo(SenderScope.OUTSIDE);
    assertThat(senders.scope("a@contoso.com.example.net")).isEqualTo(SenderScope.OUTSIDE);
  }

  @Test
  void theNullSenderIsOutsideWhateverIsConfigured() {
    assertThat(new InsideSenders(Set.of("")).scope("")).isEqualTo(SenderScope.OUTSIDE);
    assertThat(new InsideSenders(Set.of("")).scope("postmaster")).isEqualTo(SenderScope.OUTSIDE);
  }

  @Test
  void theDomainIsThatOfTheMonitorsInsideSender() {
    InsideSenders senders =
        InsideSenders.of(
            Monitors.pool(
                Duration.ZERO, List.of("a"), Monitors.member("ex1", 25, AdminState.ENABLED)),
            Map.of("a", Monitors.monitor("a", 1, 1)));
    assertThat(senders.isInside("contoso.com")).isTrue();
    assertThat(senders.isInside("e.net")).isFalse();
  }

  @Test
  void withoutMonitorsEverybodyIsOutside() {
    InsideSenders senders =
        InsideSenders.of(Monitors.pool(Duration.ZERO, List.of("gone")), Map.of());
    assertThat(senders.isInside("contoso.com")).isFalse();
  }
}
