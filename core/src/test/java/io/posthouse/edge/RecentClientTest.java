package io.posthouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.Action;
import io.posthouse.model.EdgeChecks.DnsList;
import io.posthouse.model.EdgeChecks.DnsLists;
import io.posthouse.model.EdgeChecks.HelloCheck;
import io.posthouse.model.EdgeChecks.HelloFault;
import io.posthouse.model.EdgeChecks.RefuseAt;
import io.posthouse.model.EdgeChecks.ReverseDns;
import io.posthouse.model.EdgeChecks.ReverseDns.Require;
import io.posthouse.model.EdgeChecks.Tarpit;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What of a client need not be found out again for its next link. */
class RecentClientTest {
  private static final long SECOND = 1_000_000_000L;
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.7");
  private static final Lookup LISTED = new Lookup("7.2.0.192.zen.org", Lookup.Type.LIST);
  private static final Lookup POINTER = new Lookup("7.2.0.192.in-addr.arpa", Lookup.Type.PTR);
  private static final Lookup HOST = new Lookup("a.net", Lookup.Type.A);

  private final EdgeState state = new EdgeState();
  private final HelloCheck hello = new HelloCheck(List.of(HelloFault.UNKNOWN), Action.REFUSE);
  private final EdgePolicy policy = new EdgePolicy(settings(), state);
  private final RecentClient client = new RecentClient(ADDRESS);
  private final Map<Lookup, Kept> known = new HashMap<>();

  private EdgeChecks settings() {
    Map<String, DnsList> lists = Map.of("zen", new DnsList("zen", "zen.org", 1, List.of()));
    return new EdgeChecks(
        "internet",
        List.of(),
        RefuseAt.RECIPIENT,
        Duration.ofSeconds(3),
        null,
        new DnsLists(lists, 1, Action.REFUSE),
        new ReverseDns(Require.CONFIRMED, Action.TEMPFAIL),
        hello,
        null,
        new Tarpit(Duration.ofSeconds(5), 500));
  }

  @Test
  void whatIsKnownIsFoundAgainAndCountedWhileAllOfItHolds() {
    known(answer("127.0.0.2"), 50, Answer.found(List.of(), List.of("a.net")), 20, Answer.NONE, 90);
    List<Finding> first = lookUp(0);
    assertThat(first)
        .extracting(Finding::check)
        .containsExactly(Check.DNS_LISTS, Check.REVERSE_DNS);

    known.clear();
    assertThat(ClientLookups.remembered(client, 19 * SECOND)).isEqualTo(first);
    assertThat(ClientLookups.remembered(client, 20 * SECOND)).isNull();

    for (Tally each : List.of(state.of(Check.DNS_LISTS), state.of(Check.REVERSE_DNS), list())) {
      assertThat(each.asks()).isEqualTo(2);
      assertThat(each.hits()).isEqualTo(2);
    }
  }

  @Test
  void nothingIsRememberedOfAListThatSaysNothing() {
    for (Answer silent : List.of(Answer.FAILED, answer("127.255.255.254"))) {
      known(silent, 50, Answer.found(List.of(), List.of("a.net")), 50, answer("192.0.2.7"), 50);
      assertThat(lookUp(0)).isEmpty();
      assertThat(ClientLookups.remembered(client, 0)).isNull();
    }
  }

  @Test
  void nothingIsRememberedOfANameThatDnsDoesNotAnswerFor() {
    known(Answer.NONE, 50, Answer.found(List.of(), List.of("a.net")), 50, Answer.FAILED, 50);
    assertThat(lookUp(0)).isEmpty();
    assertThat(ClientLookups.remembered(client, 0)).isNull();
  }

  @Test
  void whatHadToBeAskedIsRememberedFromTheNextLinkOn() {
    known(Answer.NONE, 50, Answer.found(List.of(), List.of("a.net")), 50, answer("192.0.2.7"), 50);
    Kept host = Objects.requireNonNull(known.remove(HOST));
    ClientLookups lookups = new ClientLookups(policy, client, known::get);
    assertThat(lookups.first(0)).containsExactly(HOST);
    lookups.answered(HOST, host.answer(), 0);
    assertThat(lookups.findings(0)).isEmpty();
    assertThat(ClientLookups.remembered(client, 0)).isNull();

    known.put(HOST, host);
    assertThat(lookUp(0)).isEmpty();
    assertThat(ClientLookups.remembered(client, 0)).isEmpty();
  }

  @Test
  void aNameIsRememberedForWhatWasSaidToWhom() {
    known.put(new Lookup("x.net", Lookup.Type.A), new Kept(Answer.NONE, 50 * SECOND));
    known.put(new Lookup("x.net", Lookup.Type.AAAA), new Kept(Answer.NONE, 40 * SECOND));
    HelloName.Said said = new HelloName.Said("x.net", "our.example", ADDRESS);
    HelloName name = new HelloName(policy, hello, client, said, known::get);
    assertThat(name.first(0)).isEmpty();
    List<Finding> found = name.findings(0);
    assertThat(found).hasSize(1);

    assertThat(HelloName.remembered(client, said, 39 * SECOND)).isEqualTo(found);
    assertThat(HelloName.remembered(client, said, 40 * SECOND)).isNull();
    assertThat(state.of(Check.HELLO).asks()).isEqualTo(2);
    assertThat(state.of(Check.HELLO).hits()).isEqualTo(2);
    HelloName.Said other = new HelloName.Said("y.net", "our.example", ADDRESS);
    assertThat(HelloName.remembered(client, other, 0)).isNull();
  }

  @Test
  void clientsShareAPlaceAndTheLastOneThereStays() {
    RecentClients all = new RecentClients();
    RecentClient first = all.of(ADDRESS);
    assertThat(all.of(ADDRESS)).isSameAs(first);
    for (int i = 0; i < 256; i++) {
      all.of(InetAddress.ofLiteral("192.0.2." + i));
    }
    assertThat(all.of(ADDRESS)).as("neighbours have places of their own").isSameAs(first);
    for (int i = 0; i < 256 * 256; i++) {
      all.of(InetAddress.ofLiteral("10.1." + (i >> 8) + "." + (i & 255)));
    }
    assertThat(all.of(ADDRESS)).isNotSameAs(first);
  }

  private void known(Answer list, long a, Answer pointer, long b, Answer host, long c) {
    known.put(LISTED, new Kept(list, a * SECOND));
    known.put(POINTER, new Kept(pointer, b * SECOND));
    known.put(HOST, new Kept(host, c * SECOND));
  }

  private List<Finding> lookUp(long nanos) {
    ClientLookups lookups = new ClientLookups(policy, client, known::get);
    assertThat(lookups.first(nanos)).isEmpty();
    return lookups.findings(nanos);
  }

  private Tally list() {
    return state.list("zen").tally();
  }

  private static Answer answer(String address) {
    return Answer.found(List.of(InetAddress.ofLiteral(address)), List.of());
  }
}
