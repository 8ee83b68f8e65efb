package io.posthouse.app;

import io.posthouse.app.DsrPlanner.Place;
import io.posthouse.backend.BackendPool;
import io.posthouse.backend.MemberConnections;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.Status.LinkCounts;
import io.posthouse.kernel.DsrRouting;
import io.posthouse.kernel.KernelException;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.DataGroups;
import io.posthouse.report.Traffic;
import io.posthouse.report.TrafficKey;
import io.posthouse.report.TrafficSums;
import io.posthouse.ruleset.DsrCounts;
import io.posthouse.ruleset.DsrPlan;
import io.posthouse.ruleset.DsrService;
import io.posthouse.ruleset.DsrShares;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the kernel do what the virtual servers of mode dsr ask for, and follow the health of their
 * members.
 *
 * <p>Each look makes the whole plan anew out of what runs and tells the kernel what has changed: so
 * a reload, a status, an address of a name and the end of a grace all come the same way.
 *
 * <p>For the reconciler's thread, but for {@link #listening}, {@link #counts} and {@link #traffic}.
 */
final class DsrDesk implements AutoCloseable {
  /** nft takes three seconds for them. */
  private static final int MOST_NETWORKS = 100_000;

  private final DsrRouting routing;
  private final DsrPlanner planner;
  private final HalfOpenWatch watch;
  private final EventSink events;
  private String ofFollow = "";
  private String ofLook = "";
  private boolean swept;
  private volatile Seen seen = new Seen(DsrPlan.NONE, Map.of(), DsrCounts.NONE);

  /** What others are told: the plan in the kernel, whose its services are, what it has counted. */
  private record Seen(DsrPlan plan, Map<Place, DsrService> services, DsrCounts counts) {}

  DsrDesk(DsrRouting routing, DsrPlanner planner, HalfOpenWatch watch, EventSink events) {
    this.routing = routing;
    this.planner = planner;
    this.watch = watch;
    this.events = events;
  }

  /** Asks the kernel whether it would do what a configuration needs; nothing changes. */
  void prepare(Configuration next, DataGroups groups) throws KernelException {
    Map<Place, DsrService> services = planner.services(next, groups);
    requireFew(services);
    if (!services.isEmpty()) {
      Map<DsrService, DsrShares> idle = new LinkedHashMap<>();
      services.values().stream()
          .filter(each -> !each.device().isEmpty())
          .forEach(each -> idle.put(each, new DsrShares(List.of(), Set.of(), Set.of(), Set.of())));
      routing.check(new DsrPlan(idle, Map.of(), Set.of(), Map.of()));
    }
  }

  private static void requireFew(Map<Place, DsrService> services) throws KernelException {
    int networks = 0;
    for (DsrService each : services.values()) {
      List<String> admitted = each.admitted();
      networks += admitted == null ? 0 : admitted.size();
    }
    if (networks > MOST_NETWORKS) {
      throw new KernelException(
          "the classes of virtual servers of mode dsr list %d networks, and %d are taken: nft would need too long for more; list wider ones"
              .formatted(networks, MOST_NETWORKS));
    }
  }

  /**
   * Tells the kernel what it is to do from now on, where that has changed.
   *
   * @param groups the data groups in use
   */
  void follow(Plane plane, DataGroups groups) {
    Map<Place, DsrService> services = planner.services(plane.configuration(), groups);
    String trouble;
    try {
      if (!swept && services.isEmpty()) {
        routing.removeLeftovers();
      }
      swept = true;
      requireFew(services);
      follow(plane, services);
      trouble = planner.troubles();
    } catch (KernelException e) {
      trouble = String.valueOf(e.getMessage());
    }
    ofFollow = told(trouble, ofFollow);
  }

  private void follow(Plane plane, Map<Place, DsrService> services) throws KernelException {
    DsrPlan before = routing.installed();
    DsrPlan plan = planner.plan(plane, services, before);
    if (plan.isEmpty()) {
      if (!before.isEmpty()) {
        routing.remove();
      }
    } else if (!plan.equals(before)) {
      tell(plan, before);
    }
    seen = new Seen(routing.installed(), services, seen.counts);
  }

  /** Looks whether it is all there, and what has passed; every second. */
  void look(Plane plane) {
    String trouble = "";
    try {
      routing.look();
      DsrCounts counts = routing.counts();
      seen = new Seen(routing.installed(), seen.services, counts);
      watch(plane, counts);
    } catch (KernelException e) {
      trouble = String.valueOf(e.getMessage());
    }
    ofLook = told(trouble, ofLook);
  }

  /** Says a trouble that is new. */
  private String told(String trouble, String before) {
    if (!trouble.isEmpty() && !trouble.equals(before)) {
      events.emit(Event.of(EventKind.DSR_FAILED, "reason", trouble));
    }
    return trouble;
  }

  /** Removes all. */
  @Override
  public void close() {
    try {
      routing.close();
    } catch (KernelException e) {
      told(String.valueOf(e.getMessage()), "");
    }
  }

  /** The addresses of a virtual server that the kernel serves now. From any thread. */
  List<Endpoint> listening(VirtualServer server) {
    Seen now = seen;
    return server.listen().stream()
        .filter(each -> isServed(now, now.services.get(new Place(server.name(), each))))
        .toList();
  }

  private static boolean isServed(Seen now, @Nullable DsrService service) {
    return service != null && now.plan.services().containsKey(service);
  }

  /**
   * What has passed for a virtual server: links made, refused ones, octets from clients. What is
   * open is not known, nor what goes to clients. From any thread.
   */
  LinkCounts counts(VirtualServer server) {
    Seen now = seen;
    long made = 0;
    long refused = 0;
    long denied = 0;
    long octets = 0;
    for (Endpoint each : server.listen()) {
      DsrService service = now.services.get(new Place(server.name(), each));
      if (service == null) {
        continue;
      }
      DsrShares shares = now.plan.services().get(service);
      for (int mark : shares == null ? Set.<Integer>of() : shares.known()) {
        made += now.counts.made(service, mark);
        octets += now.counts.all(service, mark).octets();
      }
      denied += now.counts.denied(service);
      refused += now.counts.refused(service);
    }
    return new LinkCounts(0, made + refused, refused, denied, 0, 0, octets, 0);
  }

  /** What has passed, by members. Of one class where there is no other. From any thread. */
  Traffic traffic(Configuration of) {
    Seen now = seen;
    Map<TrafficKey, TrafficSums> sums = new HashMap<>();
    now.services.forEach((place, service) -> {
      VirtualServer server = of.virtualServers().get(place.server());
      DsrShares shares = now.plan.services().get(service);
      for (int mark : shares == null ? Set.<Integer>of() : shares.known()) {
        String member = server == null ? null : planner.member(server.pool(), mark);
        if (server != null && member != null) {
          sums.merge(
              new TrafficKey(server.name(), className(server), server.pool(), member, null),
              new TrafficSums(
                  0,
                  0,
                  0,
                  0,
                  now.counts.made(service, mark),
                  now.counts.all(service, mark).octets()),
              TrafficSums::plus);
        }
      }
    });
    return new Traffic(sums, List.of(), 0);
  }

  /** What its links are counted as: the kernel does not tell its classes apart. */
  static String className(VirtualServer server) {
    List<String> classes = server.classes();
    if (classes == null) {
      return ClientClass.everybody().name();
    }
    return classes.size() == 1 ? classes.getFirst() : "(all)";
  }

  private void tell(DsrPlan plan, DsrPlan before) throws KernelException {
    if (before.isEmpty() || !plan.differsInSharesAlone(before)) {
      routing.install(plan);
      return;
    }
    for (Map.Entry<DsrService, DsrShares> each : plan.services().entrySet()) {
      if (!each.getValue().equals(before.services().get(each.getKey()))) {
        routing.change(each.getKey(), each.getValue());
      }
    }
  }

  private void watch(Plane plane, DsrCounts counts) {
    seen.services.forEach((place, service) -> {
      VirtualServer server = plane.configuration().virtualServers().get(place.server());
      BackendPool pool = server == null ? null : plane.pools().get(server.pool());
      if (pool == null) {
        return;
      }
      for (MemberConnections each : pool.members().values()) {
        InetSocketAddress address = each.address();
        Integer mark = address == null ? null : planner.known(address.getAddress());
        if (mark != null) {
          watch.look(
              place.listen().toString(),
              place.server(),
              pool.name() + "/" + each.member().name(),
              counts.begun(service, mark),
              counts.made(service, mark));
        }
      }
    });
  }
}
