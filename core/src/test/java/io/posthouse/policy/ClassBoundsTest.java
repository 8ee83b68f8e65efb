package io.posthouse.policy;

import static io.posthouse.policy.ClassBounds.Answer.ADMITTED;
import static io.posthouse.policy.ClassBounds.Answer.CLASS_FULL;
import static io.posthouse.policy.ClassBounds.Answer.CLIENT_FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.model.ClientClass.Limits;
import io.posthouse.persist.ClientKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassBoundsTest {
  private static final Limits NONE = new Limits(0, 0, 0, 0);
  private static final long SECOND = 1_000_000_000L;

  /** Near the end of the numbers, so that whoever compares readings is found out. */
  private static final long START = Long.sum(Long.MAX_VALUE, -30 * SECOND);

  private static final ClientKey ONE = client("10.0.0.1");
  private static final ClientKey TWO = client("10.0.0.2");

  private static ClientKey client(String address) {
    return ClassBounds.client(InetAddress.ofLiteral(address));
  }

  @Test
  void aClientIsAnAddressOrWithIpv6A64() throws Exception {
    assertThat(client("10.0.0.1")).isNotEqualTo(client("10.0.0.2"));
    assertThat(client("2001:db8::1")).isEqualTo(client("2001:db8::ffff:1"));
    assertThat(client("2001:db8::1")).isNotEqualTo(client("2001:db8:0:1::1"));
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    assertThat(ClassBounds.client(Inet6Address.getByAddress(null, mapped, -1))).isEqualTo(ONE);
  }

  @Test
  void linksAreBoundedByClientAndByClass() {
    ClassBounds bounds = new ClassBounds(new Limits(3, 2, 0, 0));

    assertThat(bounds.open(ONE)).isEqualTo(ADMITTED);
    assertThat(bounds.open(ONE)).isEqualTo(ADMITTED);
    assertThat(bounds.open(ONE)).isEqualTo(CLIENT_FULL);
    assertThat(bounds.open(TWO)).isEqualTo(ADMITTED);
    assertThat(bounds.open(TWO)).isEqualTo(CLASS_FULL);
    bounds.close(ONE);
    assertThat(bounds.open(TWO)).isEqualTo(ADMITTED);
    assertThat(bounds.links()).isEqualTo(3);
    assertThat(bounds.links(ONE)).isEqualTo(1);
    assertThat(bounds.links(TWO)).isEqualTo(2);
  }

  @Test
  void nothingIsKeptOfAClientWithoutLinks() {
    ClassBounds bounds = new ClassBounds(new Limits(1, 0, 0, 0));

    bounds.open(ONE);
    assertThat(bounds.open(TWO)).isEqualTo(CLASS_FULL);
    assertThat(bounds.clients()).isEqualTo(1);
    bounds.close(ONE);
    assertThat(bounds.clients()).isZero();
    assertThat(bounds.links()).isZero();
    assertThatThrownBy(() -> bounds.close(ONE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void limitsThatAReloadBringsFindTheLinksThatThereAre() {
    ClassBounds bounds = new ClassBounds(NONE);
    for (int i = 0; i < 5; i++) {
      assertThat(bounds.open(ONE)).isEqualTo(ADMITTED);
    }

    bounds.limits(new Limits(0, 3, 0, 0));
    assertThat(bounds.open(ONE)).isEqualTo(CLIENT_FULL);
    bounds.close(ONE);
    bounds.close(ONE);
    assertThat(bounds.open(ONE)).isEqualTo(CLIENT_FULL);
    bounds.close(ONE);
    assertThat(bounds.open(ONE)).isEqualTo(ADMITTED);
  }

  @Test
  void manyThreadsNeverExceedALimit() throws Exception {
    ClassBounds bounds = new ClassBounds(new Limits(20, 7, 0, 0));
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger admitted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Random random = new Random(i);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                List<ClientKey> held = new ArrayList<>();
                for (int step = 0; step < 20_000; step++) {
                  ClientKey client = client("10.0.0." + random.nextInt(5));
                  if (random.nextBoolean() && bounds.open(client) == ADMITTED) {
                    admitted.incrementAndGet();
                    most.accumulateAndGet(open.incrementAndGet(), Math::max);
                    held.add(client);
                  } else if (!held.isEmpty()) {
                    open.decrementAndGet();
                    bounds.close(held.removeLast());
                  }
                }
                held.forEach(client -> {
                  open.decrementAndGet();
                  bounds.close(client);
                });
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most.get()).isBetween(10, 20);
    assertThat(admitted.get()).isGreaterThan(1_000);
    assertThat(bounds.links()).isZero();
    assertThat(bounds.clients()).isZero();
  }

  @Test
  void aMinutesMessagesMayComeAtOnceAndThenAsTheyRefill() {
    ClassBounds bounds = new ClassBounds(new Limits(0, 0, 0, 6));

    for (int i = 0; i < 6; i++) {
      assertThat(bounds.message(ONE, START)).isEqualTo(ADMITTED);
    }
    assertThat(bounds.message(ONE, START + 10 * SECOND - 1)).isEqualTo(CLIENT_FULL);
    assertThat(bounds.message(ONE, START + 10 * SECOND)).isEqualTo(ADMITTED);
    assertThat(bounds.message(ONE, START + 10 * SECOND)).isEqualTo(CLIENT_FULL);
    assertThat(bounds.message(TWO, START + 10 * SECOND)).isEqualTo(ADMITTED);
    for (int i = 0; i < 6; i++) {
      assertThat(bounds.message(ONE, START + 100 * SECOND)).isEqualTo(ADMITTED);
    }
    assertThat(bounds.message(ONE, START + 100 * SECOND)).isEqualTo(CLIENT_FULL);
  }

  @Test
  void whatTheClassRefusesIsNotChargedToTheClient() {
    ClassBounds bounds = new ClassBounds(new Limits(0, 0, 2, 2));

    bounds.message(ONE, START);
    bounds.message(TWO, START);
    assertThat(bounds.message(ONE, START)).isEqualTo(CLASS_FULL);
    assertThat(bounds.message(ONE, START)).isEqualTo(CLASS_FULL);
    assertThat(bounds.message(ONE, START + 30 * SECOND)).isEqualTo(ADMITTED);
  }

  @Test
  void aChangedRateKeepsTheShareThatIsGone() {
    ClassBounds bounds = new ClassBounds(new Limits(0, 0, 10, 0));
    for (int i = 0; i < 10; i++) {
      assertThat(bounds.message(ONE, START)).isEqualTo(ADMITTED);
    }

    bounds.limits(new Limits(0, 0, 60, 0));
    assertThat(bounds.message(ONE, START)).isEqualTo(CLASS_FULL);
    assertThat(bounds.message(ONE, START + SECOND)).isEqualTo(ADMITTED);
    assertThat(bounds.message(ONE, START + SECOND)).isEqualTo(CLASS_FULL);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 300, 100_000_000})
  void inTheLongRunTheRateHolds(int perMinute) {
    Pace pace = new Pace(START);
    long now = START;
    int taken = 0;
    for (int i = 0; i < 4_000; i++) {
      now += Pace.MINUTE / perMinute / 2 + 1;
      taken += pace.take(perMinute, now) ? 1 : 0;
    }
    int burst = Math.min(perMinute, 4_000);
    assertThat(taken).isBetween(2_000, 2_000 + burst + 10);
  }

  @Test
  void aFloodOfAddressesIsBoundedAndForgotten() {
    ClassBounds bounds = new ClassBounds(new Limits(0, 0, 0, 10));
    for (int i = 0; i < 300_000; i++) {
      bounds.message(new ClientKey(0, i, false), START);
    }
    assertThat(bounds.remembered()).isLessThanOrEqualTo(200_000);

    bounds.message(ONE, START + 61 * SECOND);
    for (int i = 0; i < 1_000 && bounds.remembered() > 1; i++) {
      assertThat(bounds.message(ONE, START + 61 * SECOND + i)).isNotNull();
    }
    assertThat(bounds.remembered()).isEqualTo(1);
  }
}
