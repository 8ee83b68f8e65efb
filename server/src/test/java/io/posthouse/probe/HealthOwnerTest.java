package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.UnknownMemberException;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.Introduction;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthOwnerTest {
  private static final Monitor MONITOR = Orders.tcp(Duration.ofSeconds(5));
  private static final ProbeResult FAILED = new ProbeResult.Failed(ProbeStep.CONNECT, "refused");

  private final HandClock clock = new HandClock();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Map<String, MemberStatus>> told = new LinkedBlockingQueue<>();
  private final Answers answers = new Answers();
  private final HealthOwner owner =
      new HealthOwner(answers, (pool, statuses) -> told.add(statuses), events::add, clock, clock);

  /** Answers probes when the test says so. */
  private static final class Answers implements Prober {
    private final BlockingQueue<ProbeOrder> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    private volatile boolean deaf;
    private volatile @Nullable Outcome standing;

    @Override
    public Outcome ask(ProbeOrder order, String hostname) {
      Outcome same = standing;
      if (same != null) {
        return same;
      }
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      asked.add(order);
      try {
        return deaf ? takeDeaf() : outcomes.take();
      } catch (InterruptedException e) {
        return Outcome.of(new ProbeResult.Inconclusive(ProbeStep.PROGRAM, "ended"));
      } finally {
        atOnce.decrementAndGet();
      }
    }

    /** Like a name server's answer that cannot be interrupted. */
    private Outcome takeDeaf() {
      while (true) {
        try {
          return outcomes.take();
        } catch (InterruptedException unheard) {
          // Goes on waiting.
        }
      }
    }

    void answer(ProbeResult result) {
      outcomes.add(Outcome.of(result));
    }

    /** Answers every probe like this from now on, however many fall due. */
    void always(ProbeResult result, Instant expires) {
      standing =
          new Outcome(
              result,
              List.of(),
              new CertificateChain(
                  List.of(new CertificateChain.Certificate("CN=ex1", "CN=ex1", List.of(), expires)),
                  false,
                  false,
                  false,
                  "unknown issuer CN=ex1"),
              Introduction.NONE,
              null);
    }

    ProbeOrder next() throws InterruptedException {
      ProbeOrder order = asked.poll(20, TimeUnit.SECONDS);
      if (order == null) {
        throw new AssertionError("no probe was begun");
      }
      return order;
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() {
    owner.close();
  }

  private static Pool pool(List<String> monitors, String... members) {
    Map<String, Endpoint> byName = new LinkedHashMap<>();
    for (String name : members) {
      byName.put(name, new Endpoint("10.1.1." + (byName.size() + 1), 25));
    }
    return Pools.hub(monitors, byName);
  }

  private void configure(Pool pool) {
    owner.reconfigure(
        Map.of("hub", pool), Map.of("exch_smtp", MONITOR), Map.of(), "lb.example.net");
  }

  private MemberStatus told(String member) throws InterruptedException {
    Map<String, MemberStatus> statuses = told.poll(20, TimeUnit.SECONDS);
    MemberStatus status = statuses == null ? null : statuses.get(member);
    if (status == null) {
      throw new AssertionError("nothing was told of " + member);
    }
    return status;
  }

  private void later(Duration time) {
    clock.advance(time);
    owner.wake();
  }

  private List<Event> events(EventKind kind) {
    return events.stream().filter(event -> event.kind() == kind).toList();
  }

  @Test
  void probesOnScheduleAndTellsEachChange() throws Exception {
    configure(pool(List.of("exch_smtp"), "ex1"));
    assertThat(told("ex1").effective()).isEqualTo(EffectiveState.UNKNOWN);
    later(Duration.ofSeconds(1));
    assertThat(answers.next().member()).isEqualTo("ex1");
    later(Duration.ofSeconds(14));
    answers.answer(FAILED);
    assertThat(told("ex1").effective()).isEqualTo(EffectiveState.DOWN);
    later(Duration.ofSeconds(10));
    answers.next();
    answers.answer(new ProbeResult.Passed("connected"));
    assertThat(told("ex1").effective()).isEqualTo(EffectiveState.UP);
    assertThat(owner.statuses("hub").get("ex1"))
        .extracting(status -> status == null ? "" : status.reason())
        .isEqualTo("exch_smtp passes: connected");
    assertThat(events(EventKind.MEMBER_STATE).getFirst().fields())
        .containsExactly(
            "pool",
            "hub",
            "member",
            "ex1",
            "from",
            "unknown",
            "to",
            "down",
            "reason",
            "exch_smtp failed at connect: refused");
    assertThat(events(EventKind.MEMBER_STATE)).hasSize(1);
    assertThat(events(EventKind.MEMBER_UP)).hasSize(1);
    assertThat(owner.reports("hub", "ex1"))
        .extracting(ProbeReport::result)
        .containsExactly(new ProbeResult.Passed("connected"));
  }

  @Test
  void neverProbesAMemberTwiceAtOnce() throws Exception {
    configure(pool(List.of("exch_smtp"), "ex1"));
    later(Duration.ofSeconds(1));
    answers.next();
    List<List<ProbeReport>> got = new CopyOnWriteArrayList<>();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      askers.add(Thread.ofVirtual().start(() -> got.add(owner.probe("hub", "ex1"))));
    }
    later(Duration.ofSeconds(60));
    answers.answer(FAILED);
    // Askers who came after that result began a probe of their own, again one for all.
    for (Thread asker : askers) {
      while (!asker.join(Duration.ofMillis(50))) {
        if (answers.outcomes.isEmpty()) {
          answers.answer(FAILED);
        }
      }
    }
    assertThat(got).hasSize(5).allSatisfy(reports -> assertThat(reports).hasSize(1));
    assertThat(answers.mostAtOnce).hasValue(1);
  }

  @Test
  void aProbeThatDoesNotEndIsInterrupted() throws Exception {
    configure(pool(List.of("exch_smtp"), "ex1"));
    later(Duration.ofSeconds(1));
    answers.next();
    later(RunningProbe.longest(Orders.to(new Endpoint("10.1.1.21", 25), MONITOR)));
    // Only when the first has come back there is a second one.
    while (answers.asked.isEmpty()) {
      later(Duration.ofSeconds(1));
    }
    assertThat(answers.mostAtOnce.get()).isEqualTo(1);
  }

  @Test
  void aProbeThatCannotBeInterruptedHasFailedAllTheSame() throws Exception {
    answers.deaf = true;
    configure(pool(List.of("exch_smtp"), "ex1"));
    told("ex1");
    later(Duration.ofSeconds(1));
    answers.next();
    later(RunningProbe.longest(Orders.to(new Endpoint("10.1.1.21", 25), MONITOR)));
    // The owner interrupts it in one turn and gives it up in a later one.
    while (told.isEmpty()) {
      later(Duration.ofSeconds(1));
    }
    MemberStatus status = told("ex1");
    assertThat(status.effective()).isEqualTo(EffectiveState.DOWN);
    assertThat(status.reason())
        .isEqualTo("exch_smtp failed at connect: did not finish within 15 s");
    // Asked again it is not begun twice, but fails again: nobody waits for ever.
    BlockingQueue<ProbeReport> got = new LinkedBlockingQueue<>();
    Thread asker = Thread.ofVirtual().start(() -> got.addAll(owner.probe("hub", "ex1")));
    while (got.isEmpty()) {
      later(Duration.ofSeconds(5));
    }
    asker.join();
    assertThat(got.take().result()).isInstanceOf(ProbeResult.Failed.class);
    assertThat(answers.asked).isEmpty();
    // Its own answer comes too late; the next probe is a new one.
    answers.deaf = false;
    answers.answer(new ProbeResult.Passed("late"));
    while (answers.asked.isEmpty()) {
      later(Duration.ofSeconds(1));
    }
    answers.next();
    answers.answer(new ProbeResult.Passed("connected"));
    while (told("ex1").effective() != EffectiveState.UP) {
      later(Duration.ofSeconds(1));
    }
    assertThat(answers.mostAtOnce.get()).isEqualTo(1);
  }

  @Test
  void aProbeOnRequestCounts() throws Exception {
    configure(pool(List.of("exch_smtp"), "ex1"));
    told("ex1");
    answers.answer(FAILED);
    assertThat(owner.probe("hub", "ex1"))
        .singleElement()
        .satisfies(report -> assertThat(report.result()).isEqualTo(FAILED));
    assertThat(owner.statuses("hub").get("ex1"))
        .extracting(status -> status == null ? null : status.effective())
        .isEqualTo(EffectiveState.DOWN);
  }

  @Test
  void connectFailuresTakeAMemberDownAndATrialFollows() throws Exception {
    configure(pool(List.of(), "ex1"));
    told("ex1");
    for (int i = 0; i < 10_000; i++) {
      owner.connectFailed("hub", "ex1", "connection refused");
      owner.connectFailed("hub", "nobody", "connection refused");
      owner.connectFailed("nowhere", "ex1", "connection refused");
    }
    owner.wake();
    MemberStatus status = told("ex1");
    while (status.effective() != EffectiveState.DOWN) {
      status = told("ex1");
    }
    later(Duration.ofSeconds(10));
    assertThat(told("ex1").effective()).isEqualTo(EffectiveState.UNKNOWN);
    owner.connectSucceeded("hub", "ex1");
    assertThat(told("ex1").reason()).isEqualTo("no monitor, nothing failed yet");
  }

  @Test
  void theAdministratorsWishIsInEffectOnReturn() throws Exception {
    configure(pool(List.of(), "ex1"));
    told("ex1");
    owner.administer("hub", "ex1", AdminState.DRAINING);
    assertThat(told).hasSize(1);
    assertThat(told("ex1").admin()).isEqualTo(AdminState.DRAINING);
    assertThat(owner.statuses("hub").get("ex1"))
        .extracting(status -> status == null ? null : status.admin())
        .isEqualTo(AdminState.DRAINING);
  }

  @Test
  void namesWhatThereIsInsteadOfTheUnknown() {
    configure(pool(List.of(), "ex1", "ex2"));
    assertThatThrownBy(() -> owner.administer("hub", "ex3", AdminState.DRAINING))
        .isInstanceOf(UnknownMemberException.class)
        .hasMessage("no member ex3 in pool hub; there is ex1, ex2");
    assertThatThrownBy(() -> owner.probe("hubb", "ex1"))
        .isInstanceOf(UnknownMemberException.class)
        .hasMessage("no pool hubb; there is hub");
  }

  @Test
  void aMisconfiguredMonitorIsToldOnceForEachReason() {
    configure(pool(List.of("exch_smtp"), "ex1"));
    for (String reason : List.of("a", "a", "b", "b", "b")) {
      answers.answer(new ProbeResult.Inconclusive(ProbeStep.HELLO, reason));
      owner.probe("hub", "ex1");
    }
    assertThat(events(EventKind.MONITOR_MISCONFIGURED)).hasSize(2);
  }

  @Test
  void anExpiringCertificateIsToldOnceADay() {
    configure(pool(List.of("exch_smtp"), "ex1"));
    Instant soon = clock.instant().plus(Duration.ofDays(13));
    answers.always(new ProbeResult.Passed("starttls"), soon);
    for (int hour = 0; hour < 30; hour++) {
      owner.probe("hub", "ex1");
      clock.advance(Duration.ofHours(1));
    }
    assertThat(events(EventKind.CERTIFICATE_EXPIRES)).hasSize(2);
    answers.always(new ProbeResult.Passed("starttls"), clock.instant().plus(Duration.ofDays(20)));
    owner.probe("hub", "ex1");
    assertThat(events(EventKind.CERTIFICATE_EXPIRES)).hasSize(2);
  }

  @Test
  void anExpiredCertificateIsToldAtOnceThenOnceADay() {
    configure(pool(List.of("exch_smtp"), "ex1"));
    answers.always(
        new ProbeResult.Passed("starttls"), clock.instant().plus(Duration.ofMinutes(90)));
    for (int hour = 0; hour < 30; hour++) {
      owner.probe("hub", "ex1");
      clock.advance(Duration.ofHours(1));
    }
    assertThat(events(EventKind.CERTIFICATE_EXPIRES)).hasSize(1);
    assertThat(events(EventKind.CERTIFICATE_EXPIRED)).hasSize(2);
  }

  @Test
  void aResultOfAMemberThatIsNoMoreIsIgnored() throws Exception {
    configure(pool(List.of("exch_smtp"), "ex1", "ex2"));
    told("ex1");
    later(Duration.ofSeconds(1));
    answers.next();
    answers.next();
    configure(pool(List.of("exch_smtp"), "ex1"));
    assertThat(told.poll(20, TimeUnit.SECONDS)).containsOnlyKeys("ex1");
    answers.answer(FAILED);
    answers.answer(FAILED);
    assertThat(told("ex1").effective()).isEqualTo(EffectiveState.DOWN);
    owner.wake();
    assertThat(owner.statuses("hub")).containsOnlyKeys("ex1");
    assertThat(owner.reports("hub", "ex2")).isEmpty();
  }

  @Test
  void closeEndsRunningProbesAndWhoeverWaits() throws Exception {
    configure(pool(List.of("exch_smtp"), "ex1"));
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Thread asker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                owner.probe("hub", "ex1");
              } catch (IllegalStateException e) {
                thrown.add(e);
              }
            });
    answers.next();
    owner.close();
    asker.join();
    assertThat(thrown).extracting(Throwable::getMessage).containsExactly("Posthouse is stopping");
  }

  @Test
  void survivesAListenerThatThrows() {
    try (HealthOwner fragile =
        new HealthOwner(
            answers,
            (pool, statuses) -> {
              throw new IllegalStateException("listener");
            },
            events::add,
            clock,
            clock)) {
      Map<String, Pool> pools = Map.of("hub", pool(List.of(), "ex1"));
      assertThatThrownBy(() -> fragile.reconfigure(pools, Map.of(), Map.of(), "lb"))
          .hasMessage("listener");
      fragile.wake();
      assertThat(fragile.statuses("hub")).containsOnlyKeys("ex1");
    }
  }
}
