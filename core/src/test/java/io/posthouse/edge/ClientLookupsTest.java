package io.posthouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.Action;
import io.posthouse.model.EdgeChecks.Codes;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What DNS is asked about a client, and what the answers come to. */
class ClientLookupsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");
  private final EdgeState state = new EdgeState();
  private final Map<Lookup, Kept> known = new HashMap<>();

  @Test
  void anIpv4AddressIsAskedForByItsOctetsBackwards() {
    assertThat(lists(1, list("zen.example.org", 1)).first(0))
        .containsExactly(new Lookup("7.2.0.192.zen.example.org", Lookup.Type.LIST));
  }

  @Test
  void anIpv6AddressIsAskedForByItsHalfOctetsBackwards() {
    ClientLookups lookups =
        new ClientLookups(
            policy(new DnsLists(Map.of("z", list("z.org", 1)), 1, Action.REFUSE), Require.NAME),
            new RecentClient(InetAddress.ofLiteral("2001:db8:1:2:3:4:567:89ab")),
            known::get);
    assertThat(lookups.first(0))
        .containsExactly(
            new Lookup(
                "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.z.org",
                Lookup.Type.LIST),
            new Lookup(
                "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
                Lookup.Type.PTR));
  }

  @Test
  void scoresAreAddedUpAndMeetFromTheThresholdOn() {
    for (int threshold = 1; threshold <= 4; threshold++) {
      ClientLookups lookups =
          lists(threshold, list("a.org", 2), list("b.org", 2), list("c.org", -1));
      for (Lookup each : lookups.first(0)) {
        lookups.answered(each, answer("127.0.0.2"), 0);
      }
      assertThat(lookups.isDone()).isTrue();
      List<Finding> found = lookups.findings(0);
      if (threshold <= 3) {
        assertThat(found)
            .containsExactly(
                new Finding(
                    Check.DNS_LISTS, Action.REFUSE, "listed by a.org, b.org", 3, "a.org, b.org"));
      } else {
        assertThat(found).isEmpty();
      }
    }
  }

  @Test
  void eachCodeCountsOnceHoweverManyAnswersHaveIt() {
    DnsList zen =
        new DnsList(
            "zen.org",
            null,
            100,
            List.of(new Codes(List.of("127.0.0.0/28"), 3), new Codes(List.of("127.0.0.10"), 1)));
    assertThat(score(zen, "127.0.0.2", "127.0.0.3")).isEqualTo(3);
    assertThat(score(zen, "127.0.0.2", "127.0.0.10")).isEqualTo(4);
    assertThat(score(zen, "127.0.0.16")).isZero();
  }

  @Test
  void entriesOfOneZoneAreAskedForOnceAndAllCount() {
    DnsList spam = new DnsList("spam", "zen.org", 1, List.of(new Codes(List.of("127.0.0.2"), 5)));
    DnsList people =
        new DnsList("people", "ZEN.org", 1, List.of(new Codes(List.of("127.0.0.10"), 2)));
    ClientLookups lookups = lists(7, spam, people);
    List<Lookup> asked = lookups.first(0);
    assertThat(asked).hasSize(1);
    lookups.answered(asked.getFirst(), answer("127.0.0.2", "127.0.0.10"), 0);
    assertThat(lookups.isDone()).isTrue();
    assertThat(lookups.findings(0)).extracting(Finding::score).containsExactly(7);
    assertThat(state.list("spam").tally().hits()).isEqualTo(1);
    assertThat(state.list("people").tally().hits()).isEqualTo(1);
  }

  @Test
  void onlyAnswersOfListsCount() {
    assertThat(score(list("zen.org", 2), "198.51.100.1")).isZero();
    assertThat(score(list("zen.org", 2), "127.0.0.2", "127.255.255.254")).isZero();
    assertThat(state.list("zen.org").refusals()).isEqualTo(1);
  }

  @Test
  void peopleHearOfAListThatDoesNotTalkToUsOnceAnHour() {
    assertThat(refusal(0)).containsExactly("zen.org");
    assertThat(refusal(3599)).isEmpty();
    assertThat(refusal(3601)).containsExactly("zen.org");
    assertThat(state.list("zen.org").refusals()).isEqualTo(3);
  }

  private List<String> refusal(long second) {
    ClientLookups lookups = lists(1, list("zen.org", 2));
    for (Lookup each : lookups.first(second * SECOND)) {
      lookups.answered(each, answer("127.255.255.252"), second * SECOND);
    }
    lookups.findings(second * SECOND);
    return lookups.refusing();
  }

  @Test
  void aListThatDoesNotAnswerRestsAndIsTriedByOneClientAMinute() {
    for (int i = 0; i < 5; i++) {
      ClientLookups lookups = ofClient(i);
      assertThat(lookups.first(0)).hasSize(1);
      assertThat(lookups.findings(0)).isEmpty();
    }
    assertThat(lists(1, list("zen.org", 2)).first(59 * SECOND)).isEmpty();
    ClientLookups trial = lists(1, list("zen.org", 2));
    List<Lookup> asked = trial.first(61 * SECOND);
    assertThat(asked).hasSize(1);
    assertThat(lists(1, list("zen.org", 2)).first(62 * SECOND)).isEmpty();

    trial.answered(asked.getFirst(), Answer.NONE, 63 * SECOND);
    assertThat(lists(1, list("zen.org", 2)).first(63 * SECOND)).hasSize(1);
    assertThat(state.list("zen.org").tally().misses()).isEqualTo(7);
  }

  @Test
  void noRoomForAQuestionIsNoFaultOfTheList() {
    for (int i = 0; i < 10; i++) {
      ClientLookups lookups = lists(1, list("zen.org", 2));
      lookups.answered(lookups.first(0).getFirst(), Answer.NOT_ASKED, 0);
      assertThat(lookups.isDone()).isTrue();
      assertThat(lookups.findings(0)).isEmpty();
    }
    assertThat(lists(1, list("zen.org", 2)).first(0)).hasSize(1);
    assertThat(state.list("zen.org").tally().misses()).isEqualTo(10);
    assertThat(state.of(Check.DNS_LISTS).misses()).isEqualTo(10);
  }

  @Test
  void aTrialThatComesToNothingIsLeftToTheNextClient() {
    for (int i = 0; i < 5; i++) {
      ClientLookups lookups = ofClient(i);
      lookups.answered(lookups.first(0).getFirst(), Answer.FAILED, 0);
    }
    ClientLookups trial = lists(1, list("zen.org", 2));
    trial.answered(trial.first(61 * SECOND).getFirst(), Answer.NOT_ASKED, 61 * SECOND);
    ClientLookups next = lists(1, list("zen.org", 2));
    assertThat(next.first(61 * SECOND)).as("there was no room").hasSize(1);
    next.abandoned(61 * SECOND);
    assertThat(lists(1, list("zen.org", 2)).first(61 * SECOND)).as("it went away").hasSize(1);
    assertThat(lists(1, list("zen.org", 2)).first(61 * SECOND)).isEmpty();
  }

  /** One client that comes again and again would put the list to sleep. */
  @Test
  void aFailureThatIsRememberedCountsOnce() {
    known.put(
        lists(1, list("zen.org", 2)).first(0).getFirst(), new Kept(Answer.FAILED, 60 * SECOND));
    for (int i = 0; i < 10; i++) {
      assertThat(lists(1, list("zen.org", 2)).first(0)).isEmpty();
    }
    known.clear();
    assertThat(lists(1, list("zen.org", 2)).first(0)).hasSize(1);
  }

  @Test
  void aQuestionThatManyClientsWaitForFailsOnce() {
    for (int i = 0; i < 10; i++) {
      ClientLookups waits = lists(1, list("zen.org", 2));
      Lookup asked = waits.first(0).getFirst();
      assertThat(waits.answered(asked, Answer.FAILED, 0)).isEmpty();
    }
    assertThat(lists(1, list("zen.org", 2)).first(0)).hasSize(1);
  }

  @Test
  void whatAListHasSaidHoldsWhileItRests() {
    Lookup asked = lists(1, list("zen.org", 2)).first(0).getFirst();
    for (int i = 0; i < 6; i++) {
      lists(1, list("zen.org", 2)).first(0);
      state.list("zen.org").failed(new Lookup(i + ".zen.org", Lookup.Type.A), 0);
    }
    known.put(asked, new Kept(answer("127.0.0.2"), SECOND));
    ClientLookups lookups = lists(1, list("zen.org", 2));
    assertThat(lookups.first(0)).isEmpty();
    assertThat(lookups.findings(0)).hasSize(1);
    known.clear();
    assertThat(lists(1, list("zen.org", 2)).first(0)).as("it rests still").isEmpty();
  }

  /** It would be a question to the list, at a name that the client has made up. */
  @Test
  void aNameBelowAListIsNeverLookedUp() {
    DnsLists lists = new DnsLists(Map.of("zen", list("Zen.org", 1)), 1, Action.REFUSE);
    ClientLookups lookups =
        new ClientLookups(policy(lists, Require.CONFIRMED), new RecentClient(CLIENT), known::get);
    Lookup pointer = lookups.first(0).getLast();
    Answer names = Answer.found(List.of(), List.of("7.2.0.192.zen.org", "ZEN.org", "a.zen.org.uk"));
    assertThat(lookups.answered(pointer, names, 0))
        .containsExactly(new Lookup("a.zen.org.uk", Lookup.Type.A));

    HelloCheck check = new HelloCheck(List.of(HelloFault.UNKNOWN), Action.REFUSE);
    HelloName hello =
        new HelloName(
            policy(lists, null),
            check,
            new RecentClient(CLIENT),
            new HelloName.Said("x.ZEN.org", "our.example", CLIENT),
            known::get);
    assertThat(hello.first(0)).isEmpty();
    assertThat(hello.isDone()).isTrue();
    assertThat(hello.findings(0)).as("nobody's name").hasSize(1);
  }

  /** Mail that a list of good senders would let in is not refused because that list is dead. */
  @Test
  void aListOfGoodSendersThatSaysNothingIsTakenToKnowTheClient() {
    for (Answer silence : List.of(Answer.FAILED, answer("127.255.255.254"))) {
      ClientLookups lookups = lists(2, list("bad.org", 3), list("good.org", -2));
      List<Lookup> asked = lookups.first(0);
      lookups.answered(asked.get(0), answer("127.0.0.2"), 0);
      lookups.answered(asked.get(1), silence, 0);
      assertThat(lookups.findings(0)).as("%s", silence).isEmpty();
    }
    ClientLookups slow = lists(2, list("bad.org", 3), list("good.org", -2));
    slow.answered(slow.first(0).getFirst(), answer("127.0.0.2"), 0);
    assertThat(slow.findings(0)).as("not answered in time").isEmpty();
    for (int i = 0; i < 5; i++) {
      ClientLookups resting = lists(2, list("bad.org", 3), list("good.org", -2));
      resting.answered(resting.first(0).getFirst(), answer("127.0.0.2"), 0);
      assertThat(resting.findings(0)).as("at rest").isEmpty();
    }
    ClientLookups known = lists(2, list("bad.org", 3), list("good.org", -2));
    List<Lookup> asked = known.first(120 * SECOND);
    known.answered(asked.get(0), answer("127.0.0.2"), 120 * SECOND);
    known.answered(asked.get(1), Answer.NONE, 120 * SECOND);
    assertThat(known.findings(120 * SECOND)).as("it does not know the client").hasSize(1);
  }

  @Test
  void aNameMustLeadBackToTheAddress() {
    assertThat(reverse(Map.of("a.net", answer("192.0.2.1"), "b.net", answer("192.0.2.7"))))
        .isEmpty();
    assertThat(reverse(Map.of("a.net", answer("192.0.2.1"), "b.net", Answer.NONE)))
        .extracting(Finding::reason)
        .containsExactly("its name in DNS does not lead back to it: a.net, b.net");
    assertThat(reverse(Map.of("a.net", answer("192.0.2.1"), "b.net", Answer.FAILED))).isEmpty();
    assertThat(state.of(Check.REVERSE_DNS).misses()).isEqualTo(1);
  }

  @Test
  void notMoreThanFiveNamesAreFollowed() {
    Map<String, Answer> names = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      names.put("host" + i + ".example.net", Answer.NONE);
    }
    assertThat(reverse(names)).hasSize(1).allMatch(each -> !each.reason().contains("host5"));
  }

  private List<Finding> reverse(Map<String, Answer> hosts) {
    ClientLookups lookups =
        new ClientLookups(policy(null, Require.CONFIRMED), new RecentClient(CLIENT), known::get);
    List<String> names = hosts.keySet().stream().sorted().toList();
    Lookup pointer = lookups.first(0).getFirst();
    assertThat(pointer).isEqualTo(new Lookup("7.2.0.192.in-addr.arpa", Lookup.Type.PTR));
    for (Lookup each : lookups.answered(pointer, Answer.found(List.of(), names), 0)) {
      lookups.answered(each, hosts.getOrDefault(each.name(), Answer.NONE), 0);
    }
    assertThat(lookups.isDone()).isTrue();
    return lookups.findings(0);
  }

  private int score(DnsList list, String... answers) {
    ClientLookups lookups = lists(1, list);
    lookups.answered(lookups.first(0).getFirst(), answer(answers), 0);
    return lookups.findings(0).stream().mapToInt(Finding::score).sum();
  }

  private static Answer answer(String... addresses) {
    return Answer.found(
        java.util.Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(), List.of());
  }

  /** One of several clients that is looked for in zen.org. */
  private ClientLookups ofClient(int number) {
    DnsLists zen = new DnsLists(Map.of("zen.org", list("zen.org", 2)), 1, Action.REFUSE);
    InetAddress client = InetAddress.ofLiteral("192.0.2." + number);
    return new ClientLookups(policy(zen, null), new RecentClient(client), known::get);
  }

  private ClientLookups lists(int threshold, DnsList... lists) {
    Map<String, DnsList> named = new LinkedHashMap<>();
    for (DnsList each : lists) {
      named.put(each.name(), each);
    }
    return new ClientLookups(
        policy(new DnsLists(named, threshold, Action.REFUSE), null),
        new RecentClient(CLIENT),
        known::get);
  }

  private static DnsList list(String zone, int score) {
    return new DnsList(zone, null, score, List.of());
  }

  private EdgePolicy policy(@Nullable DnsLists lists, @Nullable Require require) {
    return new EdgePolicy(
        new EdgeChecks(
            "internet",
            List.of(),
            RefuseAt.RECIPIENT,
            Duration.ofSeconds(3),
            null,
            lists,
            require == null ? null : new ReverseDns(require, Action.TEMPFAIL),
            null,
            null,
            new Tarpit(Duration.ofSeconds(5), 500)),
        state);
  }
}
