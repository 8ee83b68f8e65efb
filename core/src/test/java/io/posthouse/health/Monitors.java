package io.posthouse.health;

import io.posthouse.model.AdminState;
import io.posthouse.model.Announce;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.AliasPort;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.Monitor.Senders;
import io.posthouse.model.Pool;
import io.posthouse.model.Size;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of the configuration for tests. */
final class Monitors {
  static final ProbeResult PASSED = new ProbeResult.Passed("hello");
  static final ProbeResult FAILED = new ProbeResult.Failed(ProbeStep.BANNER, "no answer in 5 s");
  static final ProbeResult PRESSURE =
      new ProbeResult.Pressure(
          PressureScope.OUTSIDE, ProbeStep.OUTSIDE_SENDER, "452 4.3.1 Insufficient resources");
  static final ProbeResult INCONCLUSIVE =
      new ProbeResult.Inconclusive(
          ProbeStep.OUTSIDE_SENDER, "monitor misconfigured: outside sender refused: 550 5.7.23");
  static final ProbeResult NOT_RUN =
      new ProbeResult.Inconclusive(ProbeStep.PROGRAM, "monitor misconfigured: no such program");

  private Monitors() {}

  static Monitor monitor(String name, int rise, int fall) {
    return monitor(name, rise, fall, Depth.RECIPIENT, new Senders("in@contoso.com", "out@e.net"));
  }

  static Monitor smtp(Depth depth, @Nullable Senders senders) {
    return monitor("exch_smtp", 1, 3, depth, senders);
  }

  static Monitor smtp(Depth depth, @Nullable Senders senders, AliasPort port) {
    return monitor("exch_smtp", 1, 3, depth, senders, port);
  }

  private static Monitor monitor(
      String name, int rise, int fall, Depth depth, @Nullable Senders senders) {
    return monitor(name, rise, fall, depth, senders, new AliasPort(0));
  }

  private static Monitor monitor(
      String name, int rise, int fall, Depth depth, @Nullable Senders senders, AliasPort port) {
    return new Monitor(
        name,
        Monitor.Type.SMTP,
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        rise,
        fall,
        port,
        depth,
        null,
        senders,
        "postmaster@contoso.com",
        null);
  }

  static Member member(String name, int port, AdminState state) {
    return new Member(name, new Endpoint("10.1.1.21", port), 1, 0, 0, state, null, true, null);
  }

  static Pool pool(Duration slowStart, List<String> monitors, Member... members) {
    Map<String, Member> byName = new LinkedHashMap<>();
    for (Member member : members) {
      byName.put(member.name(), member);
    }
    return new Pool(
        "hub",
        BalanceMethod.ROUND_ROBIN,
        1,
        monitors,
        Duration.ofSeconds(5),
        slowStart,
        new Pool.Queue(100, Duration.ofSeconds(5)),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        List.of(),
        new Pool.Retry(3, Duration.ofMinutes(2), new Size(1 << 18)),
        new Pool.Reuse(5, Duration.ofSeconds(10)),
        MemberTls.OFF,
        false,
        Announce.NONE,
        null,
        byName);
  }
}
