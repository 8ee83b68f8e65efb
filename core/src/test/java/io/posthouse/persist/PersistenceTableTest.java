package io.posthouse.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Persistence;
import io.posthouse.model.Persistence.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PersistenceTableTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Persistence settings =
      new Persistence(Persistence.By.SOURCE_ADDRESS, Duration.ofMinutes(3), new Prefix(24, 64));
  private final PersistenceTable table = new PersistenceTable(settings, nanos::get);

  @Test
  void aClientIsRememberedAsLongAsItKeepsComing() throws UnknownHostException {
    ClientKey client = key("192.0.2.7");
    table.remember(client, "ex1");
    for (int visit = 0; visit < 10; visit++) {
      pass(Duration.ofSeconds(179));
      assertThat(table.member(client)).isEqualTo("ex1");
    }
    pass(Duration.ofSeconds(181));
    assertThat(table.member(client)).isNull();
  }

  @Test
  void aLookDoesNotCountAsAVisit() throws UnknownHostException {
    ClientKey client = key("192.0.2.7");
    table.remember(client, "ex1");
    pass(Duration.ofSeconds(179));
    assertThat(table.look(client)).isEqualTo("ex1");
    pass(Duration.ofSeconds(2));
    assertThat(table.look(client)).isNull();
    assertThat(table.member(client)).isNull();
  }

  @Test
  void clientsOfOnePrefixAreOne() throws UnknownHostException {
    table.remember(key("192.0.2.7"), "ex1");
    assertThat(table.member(key("192.0.2.200"))).isEqualTo("ex1");
    assertThat(table.member(key("192.0.3.7"))).isNull();
    table.remember(key("2001:db8:1:2::1"), "ex2");
    assertThat(table.member(key("2001:db8:1:2:ffff::9"))).isEqualTo("ex2");
    assertThat(table.member(key("2001:db8:1:3::1"))).isNull();
  }

  @Test
  void theLastMemberIsTheOneRemembered() throws UnknownHostException {
    table.remember(key("192.0.2.7"), "ex1");
    table.remember(key("192.0.2.7"), "ex2");
    assertThat(table.member(key("192.0.2.7"))).isEqualTo("ex2");
  }

  @Test
  void aFloodOfClientsForgetsItself() {
    for (int i = 0; i < 250_000; i++) {
      table.remember(new ClientKey(0, i, true), "ex1");
    }
    assertThat(table.size()).isLessThanOrEqualTo(200_000);
  }

  private ClientKey key(String address) throws UnknownHostException {
    return table.key(InetAddress.getByName(address));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
