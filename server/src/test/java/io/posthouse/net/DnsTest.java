package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.edge.Answer;
import io.posthouse.edge.Kept;
import io.posthouse.edge.Lookup;
import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.ScriptedDns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked of DNS servers, what their answers come to, and how long they hold. */
@ExtendWith(NoLeaks.class)
final class DnsTest {
  private static final Lookup HOST = new Lookup("host.example.net", Lookup.Type.A);
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.1");

  private final HandClock clock = new HandClock();
  private final Loops loops = new Loops(1, clock);
  private final ScriptedDns first = ScriptedDns.start();
  private final ScriptedDns second = ScriptedDns.start();
  private final Dns dns = new Dns(loops, clock, 300);

  @AfterEach
  void end() {
    loops.close();
    first.close();
    second.close();
  }

  @Test
  void anAnswerHoldsAsLongAsItSays() throws Exception {
    use(first);
    first.addresses(HOST.name(), 300, "192.0.2.1");
    assertThat(ask(HOST).addresses()).containsExactly(ADDRESS);
    clock.advance(Duration.ofSeconds(299));
    assertThat(dns.known(HOST)).isNotNull();
    clock.advance(Duration.ofSeconds(2));
    assertThat(dns.known(HOST)).isNull();
  }

  @Test
  void thatThereIsNothingHoldsAsLongAsTheZoneSays() throws Exception {
    use(first);
    assertThat(ask(HOST)).isEqualTo(Answer.NONE);
    clock.advance(Duration.ofSeconds(59));
    assertThat(answer(HOST)).isEqualTo(Answer.NONE);
    clock.advance(Duration.ofSeconds(2));
    assertThat(dns.known(HOST)).isNull();
  }

  @Test
  void noAnswerHoldsForAMomentOnlyOrForDays() throws Exception {
    use(first);
    first.addresses(HOST.name(), 0, "192.0.2.1");
    Lookup other = new Lookup("other.example.net", Lookup.Type.A);
    first.addresses(other.name(), 1_000_000, "192.0.2.1");
    ask(HOST);
    ask(other);
    clock.advance(Duration.ofSeconds(29));
    assertThat(dns.known(HOST)).isNotNull();
    clock.advance(Duration.ofSeconds(2));
    assertThat(dns.known(HOST)).isNull();
    clock.advance(Duration.ofMinutes(59));
    assertThat(dns.known(other)).isNotNull();
    clock.advance(Duration.ofMinutes(2));
    assertThat(dns.known(other)).isNull();
  }

  @Test
  void theNextServerIsAskedWhenOneFailsOrIsSilent() throws Exception {
    use(first, second);
    second.addresses(HOST.name(), 300, "192.0.2.1");
    first.fails(HOST.name());
    assertThat(ask(HOST).addresses()).containsExactly(ADDRESS);
    Lookup other = new Lookup("other.example.net", Lookup.Type.A);
    first.ignores(other.name());
    second.addresses(other.name(), 300, "192.0.2.1");
    assertThat(ask(other).addresses()).containsExactly(ADDRESS);
  }

  @Test
  void aServerThatIsDeadIsAFailureThatIsSoonForgotten() throws Exception {
    first.close();
    use(first);
    assertThat(ask(HOST)).isEqualTo(Answer.FAILED);
    clock.advance(Duration.ofSeconds(9));
    assertThat(answer(HOST)).isEqualTo(Answer.FAILED);
    clock.advance(Duration.ofSeconds(2));
    assertThat(dns.known(HOST)).isNull();
  }

  /** Two loops may ask the same at once. */
  @Test
  void theLastAnswerHoldsAsLongAsItSaysItselfAndAFailureTakesThePlaceOfNone() {
    dns.keep(HOST, Answer.NONE, 3_600);
    dns.keep(HOST, Answer.found(List.of(ADDRESS), List.of()), 30);
    dns.keep(HOST, Answer.FAILED, 10);
    assertThat(answer(HOST)).isEqualTo(Answer.found(List.of(ADDRESS), List.of()));
    clock.advance(Duration.ofSeconds(30));
    assertThat(dns.known(HOST)).isNull();
  }

  @Test
  void whoAsksTheSameAtOnceIsAnsweredByOneQuestion() throws Exception {
    use(first);
    first.addresses(HOST.name(), 300, "192.0.2.1");
    Loop loop = loops.all().getFirst();
    CompletableFuture<Answer> one = new CompletableFuture<>();
    CompletableFuture<Answer> other = new CompletableFuture<>();
    loop.execute(() -> {
      dns.ask(loop, HOST, one::complete);
      dns.ask(loop, HOST, other::complete);
    });
    assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(other.get(10, TimeUnit.SECONDS));
    assertThat(first.asked()).hasSize(1);
  }

  /** Whoever owns a name or an address decides how much DNS says of it. */
  @Test
  void ofALongAnswerTheFirstHostNamesAndAddressesAreKept() throws Exception {
    use(first);
    Lookup pointer = new Lookup("1.2.0.192.in-addr.arpa", Lookup.Type.PTR);
    first.pointers(pointer.name(), 300, "a b.net", "A.net", "a.net", "b.net", "c", "d", "e", "f");
    assertThat(ask(pointer).names()).containsExactly("a.net", "b.net", "c", "d", "e");
    first.addresses(
        HOST.name(),
        300,
        IntStream.range(0, 50).mapToObj(i -> "192.0.2." + i).toArray(String[]::new));
    assertThat(ask(HOST).addresses()).hasSize(20).contains(ADDRESS);
  }

  @Test
  void whatIsKeptIsBoundedInOctets() {
    String name = "a".repeat(63) + ".";
    List<String> names =
        IntStream.range(0, 5).mapToObj(i -> name.repeat(3) + "b".repeat(50) + i).toList();
    Answer large = Answer.found(List.of(), names);
    int most = 60_000;
    for (int i = 0; i < most; i++) {
      dns.keep(new Lookup(i + ".in-addr.arpa", Lookup.Type.PTR), large, 300);
    }
    long known =
        IntStream.range(0, most)
            .filter(i -> dns.known(new Lookup(i + ".in-addr.arpa", Lookup.Type.PTR)) != null)
            .count();
    long octets = names.stream().mapToInt(String::length).sum();
    assertThat(known * octets).isPositive().isLessThan(32 << 20);
  }

  @Test
  void namesThatClientsChooseLeaveRoomForLists() throws Exception {
    use(first);
    Lookup list = new Lookup("7.2.0.192.zen.example.org", Lookup.Type.LIST);
    first.addresses(list.name(), 300, "127.0.0.2");
    List<Lookup> chosen =
        IntStream.range(0, 501)
            .mapToObj(i -> new Lookup("h" + i + ".example.net", Lookup.Type.A))
            .toList();
    chosen.forEach(each -> first.ignores(each.name()));
    Loop loop = loops.all().getFirst();
    List<CompletableFuture<Answer>> answers =
        Stream.concat(chosen.stream(), Stream.of(list))
            .map(_ -> new CompletableFuture<Answer>())
            .toList();
    loop.execute(() -> {
      for (int i = 0; i < 501; i++) {
        dns.ask(loop, chosen.get(i), answers.get(i)::complete);
      }
      dns.ask(loop, list, answers.getLast()::complete);
    });
    assertThat(answers.getLast().get(20, TimeUnit.SECONDS).kind()).isEqualTo(Answer.Kind.FOUND);
    List<Answer> all = new ArrayList<>();
    for (CompletableFuture<Answer> each : answers.subList(0, 501)) {
      all.add(each.get(20, TimeUnit.SECONDS));
    }
    assertThat(all).containsOnlyOnce(Answer.NOT_ASKED).contains(Answer.FAILED);
    assertThat(all.getLast()).isEqualTo(Answer.NOT_ASKED);
    assertThat(dns.known(chosen.getLast())).as("it is not remembered").isNull();
  }

  @Test
  void otherServersMakeKnownAnswersForgotten() throws Exception {
    use(first);
    ask(HOST);
    use(second);
    assertThat(dns.known(HOST)).isNull();
    ask(HOST);
    assertThat(second.asked()).hasSize(1);
  }

  private void use(ScriptedDns... servers) {
    dns.use(
        Arrays.stream(servers)
            .map(each -> new InetSocketAddress(InetAddress.getLoopbackAddress(), each.port()))
            .toList());
  }

  private Answer ask(Lookup lookup) throws Exception {
    Loop loop = loops.all().getFirst();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    loop.execute(() -> dns.ask(loop, lookup, answer::complete));
    return answer.get(20, TimeUnit.SECONDS);
  }

  private @Nullable Answer answer(Lookup lookup) {
    Kept kept = dns.known(lookup);
    return kept == null ? null : kept.answer();
  }
}
