package io.posthouse.backend;

import io.posthouse.balance.Choice;
import io.posthouse.balance.PoolView;
import io.posthouse.door.Why.Outlook;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.health.SenderScope;
import io.posthouse.model.AdminState;
import io.posthouse.model.Spelled;
import io.posthouse.persist.ClientKey;
import io.posthouse.persist.PersistenceTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a pool as a client's next link, or message, would find them, for people who ask.
 * Looking takes nothing: no turn, no trial, no permit, and no client is remembered for longer.
 */
public final class Prospects {
  private final Route route;
  private final InetAddress client;
  private final @Nullable SenderScope scope;
  private final long clientHash;
  private final PoolView<MemberConnections> view;
  private final Map<String, Outlook> found = new LinkedHashMap<>();
  private int turn;

  private Prospects(Route route, InetAddress client, @Nullable SenderScope scope) {
    this.route = route;
    this.client = client;
    this.scope = scope;
    this.clientHash = ClientKey.of(client, 32, 64).hash();
    this.view = route.pool().view();
  }

  /**
   * The candidates in their order, then the other members.
   *
   * @param scope whose message it would be; null for a link
   */
  public static List<Outlook> of(Route route, InetAddress client, @Nullable SenderScope scope) {
    Prospects prospects = new Prospects(route, client, scope);
    prospects.candidates();
    route.pool().members().values().forEach(prospects::other);
    return List.copyOf(prospects.found.values());
  }

  private void candidates() {
    PoolView.Search<MemberConnections> search = view.preview(clientHash, scope);
    String before = hadBefore();
    Choice<MemberConnections> next =
        before == null ? null : search.persistent(before, member -> obstacle(member).isEmpty());
    if (next == null) {
      next = search.next(member -> true);
    }
    while (next != null) {
      String obstacle = obstacle(next.load());
      boolean candidate = obstacle.isEmpty();
      add(next.load(), candidate ? ++turn : 0, candidate ? why(next.why()) : obstacle);
      next = search.next(member -> true);
    }
  }

  /** Under pressure a member that the client had is not preferred. */
  private @Nullable String hadBefore() {
    PersistenceTable table = route.persistence();
    String before = table == null ? null : table.look(table.key(client));
    if (before == null) {
      return null;
    }
    Work work = scope == null ? view.work(before) : view.work(before, scope);
    return work == Work.NEW ? before : null;
  }

  private String why(Choice.Why why) {
    return switch (why) {
      case PERSISTENCE -> "persistence: the client had it before";
      case METHOD -> Spelled.of(route.pool().pool().balance());
      case FALLBACK -> "when those before it cannot";
      case TRIAL -> throw new AssertionError("a preview claims no trial");
    };
  }

  /** Why a member that takes work does not take that of this client; empty when it does. */
  private String obstacle(MemberConnections member) {
    InetSocketAddress target = route.target(member);
    if (target == null) {
      return "its name has no address yet";
    } else if (!route.reaches(client, target)) {
      return "no source address of its family";
    }
    return member.hasFreePermit()
        ? ""
        : "has its max-connections of " + member.member().maxConnections();
  }

  private void other(MemberConnections member) {
    MemberStatus status = status(member);
    if (!found.containsKey(member.member().name()) && status != null) {
      boolean enabled = status.admin() == AdminState.ENABLED;
      add(member, 0, enabled ? status.reason() : "is " + Spelled.of(status.admin()));
    }
  }

  private @Nullable MemberStatus status(MemberConnections member) {
    return route.pool().statuses().get(member.member().name());
  }

  private void add(MemberConnections member, int place, String why) {
    MemberStatus status = status(member);
    InetSocketAddress target = route.target(member);
    InetAddress source =
        target == null || !route.reaches(client, target)
            ? null
            : route.source(client, clientHash, target);
    found.put(
        member.member().name(),
        new Outlook(
            member.member().name(),
            route.settings().address(member.member()),
            status == null ? member.member().state() : status.admin(),
            status == null ? EffectiveState.UNKNOWN : status.effective(),
            place,
            why,
            source));
  }
}
