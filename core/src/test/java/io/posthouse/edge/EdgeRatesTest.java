package io.posthouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.edge.EdgeRates.Sender;
import io.posthouse.edge.EdgeRates.What;
import io.posthouse.model.EdgeChecks.LimitAction;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.model.EdgeChecks.Network;
import io.posthouse.model.EdgeChecks.Rate;
import io.posthouse.model.Size;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much may come in a minute, from whom. */
class EdgeRatesTest {
  private static final long SECOND = 1_000_000_000L;

  /** Near the end of the numbers, so that whoever compares readings is found out. */
  private static final long START = Long.sum(Long.MAX_VALUE, -30 * SECOND);

  private static final Sender CLIENT = new Sender(InetAddress.ofLiteral("192.0.2.1"), "internet");
  private static final Rate NONE = rate(0, 0, 0);
  private final EdgeRates rates = new EdgeRates();

  @Test
  void aClientsRecipientsAreBoundedAndComeBackWithTime() {
    Limits limits = limits(rate(0, 3, 0), NONE, NONE);
    for (int i = 0; i < 3; i++) {
      assertThat(take(limits, "192.0.2.1", START)).isNull();
    }
    assertThat(take(limits, "192.0.2.1", START)).isEqualTo("recipients per client");
    assertThat(take(limits, "192.0.2.2", START)).isNull();
    assertThat(take(limits, "192.0.2.1", START + 19 * SECOND)).isNotNull();
    assertThat(take(limits, "192.0.2.1", START + 20 * SECOND)).isNull();
    assertThat(take(limits, "192.0.2.1", START + 20 * SECOND)).isNotNull();
  }

  @Test
  void aNetworkIsTheFirstBitsOfItsAddresses() {
    Limits limits = limits(NONE, rate(0, 2, 0), NONE);
    assertThat(take(limits, "192.0.2.1", 0)).isNull();
    assertThat(take(limits, "192.0.2.200", 0)).isNull();
    assertThat(take(limits, "192.0.2.3", 0)).isEqualTo("recipients per network");
    assertThat(take(limits, "192.0.3.3", 0)).isNull();
    assertThat(take(limits, "2001:db8:1:1::1", 0)).isNull();
    assertThat(take(limits, "2001:db8:1:2::1", 0)).isNull();
    assertThat(take(limits, "2001:db8:1:3::1", 0)).isNotNull();
    assertThat(take(limits, "2001:db8:2:3::1", 0)).isNull();
  }

  @Test
  void whatTheClassDoesNotLetInIsGivenBackToTheClient() {
    Limits limits = limits(rate(0, 2, 0), rate(0, 10, 0), rate(0, 1, 0));
    assertThat(take(limits, "192.0.2.1", 0)).isNull();
    assertThat(take(limits, "192.0.2.2", 0)).isEqualTo("recipients per class");
    Limits wider = limits(rate(0, 2, 0), rate(0, 10, 0), NONE);
    assertThat(take(wider, "192.0.2.2", 0)).isNull();
    assertThat(take(wider, "192.0.2.2", 0)).isNull();
    assertThat(take(wider, "192.0.2.2", 0)).isEqualTo("recipients per client");
  }

  @Test
  void aMessageThatGoesBeyondIsTakenAndTheNextWaitsForOneMoreMinuteAtMost() {
    Limits limits = limits(rate(0, 0, 1_000_000), NONE, NONE);
    assertThat(spent(limits, START)).isNull();
    spend(500_000, limits, START);
    assertThat(spent(limits, START)).isNull();
    spend(1_000_000, limits, START);
    assertThat(spent(limits, START)).isEqualTo("size per client");
    assertThat(spent(limits, START + 29 * SECOND)).isNotNull();
    assertThat(spent(limits, START + 31 * SECOND)).isNull();
    spend(Long.MAX_VALUE, limits, START + 31 * SECOND);
    assertThat(spent(limits, START + 90 * SECOND)).isNotNull();
    assertThat(spent(limits, START + 92 * SECOND)).isNull();
  }

  @Test
  void whoeverKeepsAnAllowanceSharesItsBucketsWithAllOthers() {
    Limits limits = limits(rate(0, 2, 0), NONE, NONE);
    Allowance kept = rates.of(CLIENT, limits, START);
    assertThat(kept.take(What.RECIPIENTS, START)).isNull();
    assertThat(take(limits, "192.0.2.1", START)).isNull();
    assertThat(kept.take(What.RECIPIENTS, START)).isEqualTo("recipients per client");
  }

  @Test
  void anAllowanceIsForItsClassAndIsNotKeptUntilItsBucketsMayBeForgotten() {
    Allowance kept = rates.of(CLIENT, limits(rate(0, 2, 0), NONE, NONE), START);
    assertThat(kept.isFor("internet", START + 59 * SECOND)).isTrue();
    assertThat(kept.isFor("internet", START + 60 * SECOND)).isFalse();
    assertThat(kept.isFor("strict", START)).isFalse();
  }

  @Test
  void whatAMessageTookTooMuchIsOwedEvenIfNobodyLooksForTheBucketMeanwhile() {
    Limits limits = limits(rate(0, 0, 1_000), NONE, NONE);
    rates.of(CLIENT, limits, START).spend(2_000, START + 59 * SECOND);
    Allowance later = rates.of(CLIENT, limits, START + 121 * SECOND);
    later.spend(600, START + 121 * SECOND);
    assertThat(later.isSpent(START + 121 * SECOND)).isEqualTo("size per client");
  }

  private @Nullable String take(Limits limits, String client, long nanos) {
    Sender sender = new Sender(InetAddress.ofLiteral(client), "internet");
    return rates.of(sender, limits, nanos).take(What.RECIPIENTS, nanos);
  }

  private @Nullable String spent(Limits limits, long nanos) {
    return rates.of(CLIENT, limits, nanos).isSpent(nanos);
  }

  private void spend(long octets, Limits limits, long nanos) {
    rates.of(CLIENT, limits, nanos).spend(octets, nanos);
  }

  private static Rate rate(int connections, int recipients, long size) {
    return new Rate(connections, recipients, new Size(size));
  }

  private static Limits limits(Rate client, Rate network, Rate ofClass) {
    return new Limits(client, network, ofClass, new Network(24, 48), LimitAction.TEMPFAIL);
  }
}
