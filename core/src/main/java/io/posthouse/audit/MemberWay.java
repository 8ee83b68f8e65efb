package io.posthouse.audit;

import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.Monitor;
import io.posthouse.model.Pool;
import io.posthouse.policy.PoolSources;
import io.posthouse.policy.ProbeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A way to a member: where it is reached, from which address of ours, and who goes it.
 *
 * @param smtp whether SMTP is spoken at its end; else nobody knows what is
 * @param who flows, probes, or this machine itself
 */
public record MemberWay(
    Pool pool, Member member, Endpoint address, ProbeSource from, boolean smtp, List<String> who) {
  private static final String PROBES = "probes";
  private static final String MACHINE = "this machine";

  /** Copies who goes it. */
  public MemberWay {
    who = List.copyOf(who);
  }

  /**
   * Every way to every member, none twice: from the kernel's choice, as people try it by hand, from
   * each address that a class or a rule may choose, and from those of probes. A client's own
   * address (transparent) is not ours to use, so that way is not among them.
   */
  public static List<MemberWay> all(Configuration configuration) {
    List<Flow> flows = Flow.all(configuration);
    Map<String, PoolSources> probed = PoolSources.of(configuration);
    List<MemberWay> all = new ArrayList<>();
    for (Pool pool : configuration.pools().values()) {
      List<Flow> its = flows.stream().filter(flow -> flow.pool().equals(pool)).toList();
      PoolSources from = probed.getOrDefault(pool.name(), PoolSources.AUTOMAP);
      for (Member member : pool.members().values()) {
        all.addAll(new Ways(pool, member, its).all(monitors(configuration, pool, member), from));
      }
    }
    return all;
  }

  /** The monitors that connect to a member's own port from addresses of ours. */
  private static List<Monitor> monitors(Configuration configuration, Pool pool, Member member) {
    List<String> names = member.monitors() == null ? pool.monitors() : member.monitors();
    int own = member.address().port();
    return names.stream()
        .map(configuration.monitors()::get)
        .filter(Objects::nonNull)
        .filter(each -> each.type() != Monitor.Type.EXEC && each.port().orElse(own) == own)
        .toList();
  }

  /** Pool and member. */
  public String path() {
    return pool.name() + "/" + member.name();
  }

  /** Whether somebody who goes another one goes this one, too, from an address of his. */
  public boolean isFor(MemberWay other) {
    boolean own = from.address() != null;
    return own
        && address.equals(other.address)
        && path().equals(other.path())
        && !Collections.disjoint(who, other.who);
  }

  /** The same with those who go another one that comes to the same; from a named address. */
  public MemberWay and(MemberWay other) {
    Set<String> both = new LinkedHashSet<>(who);
    both.addAll(other.who);
    ProbeSource named = from.address() == null ? other.from : from;
    return new MemberWay(pool, member, address, named, smtp || other.smtp, List.copyOf(both));
  }

  /** Those to one member. */
  private static final class Ways {
    private final Pool pool;
    private final Member member;
    private final List<Flow> flows;
    private final Map<String, MemberWay> found = new LinkedHashMap<>();

    Ways(Pool pool, Member member, List<Flow> flows) {
      this.pool = pool;
      this.member = member;
      this.flows = flows;
    }

    List<MemberWay> all(List<Monitor> monitors, PoolSources probed) {
      Endpoint own = member.address();
      boolean asked = !monitors.isEmpty();
      Set<Endpoint> ends = new LinkedHashSet<>(asked || flows.isEmpty() ? List.of(own) : List.of());
      flows.forEach(flow -> ends.add(flow.address(member)));
      for (Endpoint end : ends) {
        List<Flow> its = flows.stream().filter(flow -> flow.address(member).equals(end)).toList();
        boolean smtp =
            its.stream().anyMatch(Flow::isSmtp)
                || (end.equals(own) && monitors.stream().anyMatch(Ways::isSmtp));
        add(end, smtp, MACHINE, Stream.of(ProbeSource.AUTOMAP));
        its.forEach(flow -> add(end, smtp, flow.who(), flow.ours(end.host())));
        if (asked && end.equals(own)) {
          add(end, smtp, PROBES, probed.towards(end.host()).stream());
        }
      }
      return List.copyOf(found.values());
    }

    private static boolean isSmtp(Monitor monitor) {
      return monitor.type() == Monitor.Type.SMTP;
    }

    private void add(Endpoint end, boolean smtp, String who, Stream<ProbeSource> sources) {
      sources
          .map(from -> new MemberWay(pool, member, end, from, smtp, List.of(who)))
          .forEach(way -> found.merge(end + " " + way.from, way, MemberWay::and));
    }
  }
}
