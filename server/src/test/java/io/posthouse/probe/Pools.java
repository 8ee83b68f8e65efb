package io.posthouse.probe;

import io.posthouse.model.AdminState;
import io.posthouse.model.Announce;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Pool;
import io.posthouse.model.Size;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pools for tests. */
final class Pools {
  private Pools() {}

  /** One member, ex1, that is asked by a monitor. */
  static Pool hub(Endpoint address, String monitor) {
    return hub(List.of(monitor), Map.of("ex1", address));
  }

  static Pool hub(List<String> monitors, Map<String, Endpoint> members) {
    Map<String, Member> byName = new LinkedHashMap<>();
    members.forEach((name, address) ->
        byName.put(name, new Member(name, address, 1, 0, 0, AdminState.ENABLED, null, true, null)));
    return new Pool(
        "hub",
        BalanceMethod.ROUND_ROBIN,
        1,
        monitors,
        Duration.ofSeconds(5),
        Duration.ZERO,
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
