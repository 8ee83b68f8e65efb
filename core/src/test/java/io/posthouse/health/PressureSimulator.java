package io.posthouse.health;

import io.posthouse.balance.Choice;
import io.posthouse.balance.Load;
import io.posthouse.balance.PoolView;
import io.posthouse.balance.Trials;
import io.posthouse.balance.Turn;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A pool in mode smtp in small: messages come, the real {@link PoolView} gives each a member, what
 * the members reply goes through the real {@link MailTally} to the real {@link PoolHealth}, and the
 * view follows. A refused message is tried on other members as a link does it: three tries in all,
 * and one retry for five messages with a hundred in reserve. Time is a number; there are no
 * threads, and the same seed gives the same run.
 *
 * <p>{@link #write} puts down what each member got and how much of its weight it kept, second by
 * second.
 */
final class PressureSimulator {
  /** What a member answers to a message that reaches it. */
  @FunctionalInterface
  interface Behaviour {
    /** Whether it takes the message; else it is a pressure reply. */
    boolean takes(double second, SenderScope scope);
  }

  /**
   * What one member did in one second.
   *
   * @param inside the share of its weight that it kept for inside senders at its end
   * @param outside the same for outside senders
   */
  record Second(int given, int refused, double inside, double outside) {}

  /** A message that reached a member under pressure, or any other. */
  record Try(double second, boolean trial, boolean taken) {}

  private record Message(SenderScope scope, long client, Set<SimulatedMember> tried) {}

  private record Answer(
      long atNanos, Message message, Choice<SimulatedMember> choice, boolean taken) {}

  private static final Instant WALL = Instant.parse("2026-11-25T12:00:00Z");
  private static final String REPLY = "452 4.3.1 Insufficient system resources";
  private static final double NANOS = 1e9;
  private static final int TRIES = 3;
  private static final double RESERVE = 100;
  private static final double RETRIES_PER_MESSAGE = 0.2;

  // The clock's origin is arbitrary: near its end, differences must still be right.
  private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(9).toNanos();

  /** A member, and everything that was seen of it. */
  static final class SimulatedMember implements Load {
    private final Member settings;
    private final Behaviour behaviour;
    private final Trials trials = new Trials();
    private int connections;
    private int given;
    private int refused;

    /** Each message that reached it. */
    final List<Try> tries = new ArrayList<>();

    /** What it did, second by second. */
    final List<Second> seconds = new ArrayList<>();

    SimulatedMember(Member settings, Behaviour behaviour) {
      this.settings = settings;
      this.behaviour = behaviour;
    }

    @Override
    public int connections() {
      return connections;
    }

    @Override
    public long responseNanos() {
      return 0;
    }

    @Override
    public boolean claimTrial(SenderScope scope, int trial) {
      return trials.claim(scope, trial);
    }

    @Override
    public void giveBackTrial(SenderScope scope, int trial) {
      trials.giveBack(scope, trial);
    }
  }

  private final Map<String, SimulatedMember> members = new LinkedHashMap<>();
  private final double perSecond;
  private final double insideShare;
  private final SplittableRandom random = new SplittableRandom(20261125);
  private final MailTally tally = new MailTally();
  private final Turn turn = new Turn();
  private final PriorityQueue<Answer> answers =
      new PriorityQueue<>(Comparator.comparingLong(Answer::atNanos));
  private Pool pool = Monitors.pool(Duration.ZERO, List.of());
  private PoolHealth health = new PoolHealth(pool, Map.of(), PoolSources.AUTOMAP, ORIGIN, WALL);
  private Map<String, MemberStatus> statuses = Map.of();
  private PoolView<SimulatedMember> view = PoolView.of(pool, statuses, members, turn);
  private double retries = RESERVE;
  private long nowNanos;
  private long tickNanos = Long.MAX_VALUE;
  private int failed;
  private double least = 1;

  /** Messages that no member took, second by second. */
  final List<Integer> failures = new ArrayList<>();

  /**
   * No members yet.
   *
   * @param insideShare the share of messages whose sender is inside
   */
  PressureSimulator(double perSecond, double insideShare) {
    this.perSecond = perSecond;
    this.insideShare = insideShare;
  }

  /** Adds a member. */
  PressureSimulator member(String name, int weight, Behaviour behaviour) {
    Endpoint address = new Endpoint("10.1.1." + (members.size() + 1), 25);
    Member settings = new Member(name, address, weight, 0, 0, AdminState.ENABLED, null, true, null);
    members.put(name, new SimulatedMember(settings, behaviour));
    return this;
  }

  /** A member by name. */
  SimulatedMember of(String name) {
    return Objects.requireNonNull(members.get(name));
  }

  /** The least part of the pool's weight that was in effect at any time, in the worse scope. */
  double leastWeight() {
    return least;
  }

  /** Lets the time pass. */
  PressureSimulator run(int seconds) {
    pool =
        Monitors.pool(
            Duration.ZERO,
            List.of(),
            members.values().stream().map(each -> each.settings).toArray(Member[]::new));
    health = new PoolHealth(pool, Map.of(), PoolSources.AUTOMAP, ORIGIN, WALL);
    publish();
    long arrival = 0;
    for (int second = 1; second <= seconds; second++) {
      long end = (long) (second * NANOS);
      while (true) {
        Answer answer = answers.peek();
        long answered = answer == null ? Long.MAX_VALUE : answer.atNanos();
        long next = Math.min(Math.min(arrival, answered), tickNanos);
        if (next >= end) {
          break;
        }
        nowNanos = Math.max(nowNanos, next);
        if (next == tickNanos) {
          changed(health.tick(ORIGIN + nowNanos, WALL));
        } else if (next == answered) {
          answered(answers.remove());
        } else {
          arrives();
          // As independent clients send: the pauses are exponential.
          arrival += (long) (-Math.log(1 - random.nextDouble()) / perSecond * NANOS);
        }
      }
      nowNanos = end;
      sample();
    }
    return this;
  }

  private double second() {
    return nowNanos / NANOS;
  }

  private void arrives() {
    retries = Math.min(RESERVE, retries + RETRIES_PER_MESSAGE);
    SenderScope scope =
        random.nextDouble() < insideShare ? SenderScope.INSIDE : SenderScope.OUTSIDE;
    give(new Message(scope, random.nextLong(), new HashSet<>()));
  }

  private void give(Message message) {
    Choice<SimulatedMember> choice =
        view.search(message.client(), message.scope())
            .next(member -> !message.tried().contains(member));
    if (choice == null) {
      failed++;
      return;
    }
    SimulatedMember member = choice.load();
    message.tried().add(member);
    member.connections++;
    member.given++;
    boolean taken = member.behaviour.takes(second(), message.scope());
    member.tries.add(new Try(second(), choice.trial() > 0, taken));
    long latency = (long) ((0.05 + 0.2 * random.nextDouble()) * NANOS);
    answers.add(new Answer(nowNanos + latency, message, choice, taken));
  }

  private void answered(Answer answer) {
    SimulatedMember member = answer.choice().load();
    member.connections--;
    SenderScope scope = answer.message().scope();
    MailTally.Key key = new MailTally.Key(pool.name(), answer.choice().name(), scope);
    if (answer.taken()) {
      boolean awaited = !status(answer.choice().name()).pressure(scope).isNone();
      weigh(tally.taken(key, awaited));
      return;
    }
    member.refused++;
    weigh(tally.refused(key, REPLY));
    if (answer.message().tried().size() < TRIES && retries >= 1) {
      retries--;
      give(answer.message());
    } else {
      failed++;
    }
  }

  private void weigh(boolean news) {
    if (news) {
      for (MailTally.Tally each : tally.take()) {
        MailTally.Key key = each.key();
        changed(health.mail(key.member(), key.scope(), each.counts(), ORIGIN + nowNanos, WALL));
      }
    }
  }

  private void changed(List<MemberChange> changes) {
    if (!changes.isEmpty()) {
      publish();
    }
    OptionalLong tick = health.nextTickNanos(ORIGIN + nowNanos);
    tickNanos = tick.isPresent() ? tick.getAsLong() - ORIGIN : Long.MAX_VALUE;
  }

  private void publish() {
    statuses = health.statuses();
    view = PoolView.of(pool, statuses, members, turn);
    for (SenderScope scope : SenderScope.values()) {
      double all = 0;
      double left = 0;
      for (SimulatedMember each : members.values()) {
        int weight = each.settings.weight();
        all += weight;
        left += weight * status(each.settings.name()).pressure(scope).share();
      }
      least = Math.min(least, left / all);
    }
  }

  private MemberStatus status(String member) {
    return Objects.requireNonNull(statuses.get(member));
  }

  private void sample() {
    members.forEach((name, each) -> {
      MemberStatus status = status(name);
      double inside = status.inside().share();
      double outside = status.outside().share();
      each.seconds.add(new Second(each.given, each.refused, inside, outside));
      each.given = 0;
      each.refused = 0;
    });
    failures.add(failed);
    failed = 0;
  }

  /** Writes one line a second to {@code target/simulation/pressure-NAME.txt}. */
  void write(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("second");
    members.keySet().forEach(member -> head.append(" | %-26s".formatted(member)));
    lines.add(head.append(" | failed").toString());
    lines.add("      " + " | given refused inside outside".repeat(members.size()) + " |       ");
    for (int i = 0; i < failures.size(); i++) {
      StringBuilder line = new StringBuilder("%6d".formatted(i));
      for (SimulatedMember each : members.values()) {
        Second at = each.seconds.get(i);
        line.append(
            String.format(
                Locale.ROOT,
                " | %5d %7d %5.1f%% %6.1f%%",
                at.given(),
                at.refused(),
                at.inside() * 100,
                at.outside() * 100));
      }
      lines.add(line.append(" | %6d".formatted(failures.get(i))).toString());
    }
    Path directory = Files.createDirectories(Path.of("target", "simulation"));
    Files.write(directory.resolve("pressure-" + name + ".txt"), lines);
  }
}
