package io.posthouse.app;

import io.posthouse.app.PoolStates.PoolState;
import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Route;
import io.posthouse.backend.RouteCounts;
import io.posthouse.backend.RuleRoutes;
import io.posthouse.backend.SourcePorts;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.Status;
import io.posthouse.door.Status.ClassStatus;
import io.posthouse.door.Status.MemberState;
import io.posthouse.door.Status.PoolStatus;
import io.posthouse.door.Status.RuleStatus;
import io.posthouse.door.Status.VirtualServerStatus;
import io.posthouse.door.StatusView;
import io.posthouse.health.MemberStatus;
import io.posthouse.health.Sighting;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Rule;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.net.Listener;
import io.posthouse.probe.HealthOwner;
import io.posthouse.rules.LiveRule;
import io.posthouse.rules.RuleCounts;
import io.posthouse.smtp.EhloKeywords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The status of what runs, put together from its parts when somebody asks. From any thread. */
final class RunningStatus implements StatusView {
  private final Reconciler reconciler;
  private final HealthOwner health;
  private final PoolStates poolStates;
  private final SourcePorts ports;
  private final Instant started;

  RunningStatus(
      Reconciler reconciler,
      HealthOwner health,
      PoolStates poolStates,
      SourcePorts ports,
      Instant started) {
    this.reconciler = reconciler;
    this.health = health;
    this.poolStates = poolStates;
    this.ports = ports;
    this.started = started;
  }

  @Override
  public Status status() {
    Plane plane = reconciler.plane();
    if (plane == null) {
      return new Status(0, started, List.of(), List.of(), List.of(), List.of());
    }
    List<VirtualServerStatus> servers = new ArrayList<>();
    for (VirtualServer settings : plane.configuration().virtualServers().values()) {
      LinkServer server = plane.servers().get(settings.name());
      if (server != null) {
        servers.add(serverStatus(settings, server));
      } else if (settings.mode() == Mode.DSR) {
        servers.add(inKernel(settings));
      }
    }
    List<PoolStatus> pools = new ArrayList<>();
    for (String name : plane.configuration().pools().keySet()) {
      BackendPool pool = plane.pools().get(name);
      if (pool != null) {
        pools.add(poolStatus(pool));
      }
    }
    return new Status(
        plane.generation(), started, servers, pools, ports.snapshot(), reconciler.listStatus());
  }

  private VirtualServerStatus serverStatus(VirtualServer settings, LinkServer server) {
    PoolState pool = poolStates.of(settings.pool());
    Map<Endpoint, Listener> bound = reconciler.bound();
    List<Endpoint> listening = new ArrayList<>();
    for (Endpoint address : settings.listen()) {
      Listener listener = bound.get(address);
      if (listener != null) {
        listening.add(listener.address());
      }
    }
    return new VirtualServerStatus(
        settings.name(),
        settings.mode(),
        AdminState.ENABLED,
        pool.effective(),
        pool.reason(),
        pool.since(),
        settings.pool(),
        listening,
        reconciler.tlsStatus(settings),
        server.counts(),
        server.routes().all().stream().map(RunningStatus::classStatus).toList(),
        server.edgeChecks(),
        rules(server.routes().rules()));
  }

  /** What is known of one whose links do not end here. */
  private VirtualServerStatus inKernel(VirtualServer settings) {
    PoolState pool = poolStates.of(settings.pool());
    return new VirtualServerStatus(
        settings.name(),
        settings.mode(),
        AdminState.ENABLED,
        pool.effective(),
        pool.reason(),
        pool.since(),
        settings.pool(),
        reconciler.dsr().listening(settings),
        null,
        reconciler.dsr().counts(settings),
        List.of(),
        List.of(),
        List.of());
  }

  private static List<RuleStatus> rules(@Nullable RuleRoutes of) {
    return of == null
        ? List.of()
        : of.rules().all().stream().map(RunningStatus::ruleStatus).toList();
  }

  private static RuleStatus ruleStatus(LiveRule live) {
    Rule rule = live.rule();
    RuleCounts counts = live.counts();
    return new RuleStatus(
        rule.name(), rule.at(), rule.then().key(), rule.dryRun(), counts.fired(), counts.failed());
  }

  private static ClassStatus classStatus(Route route) {
    RouteCounts counts = route.counts();
    return new ClassStatus(
        route.settings().name(),
        route.pool().name(),
        counts.open(),
        counts.links(),
        counts.refusedLinks(),
        counts.messages(),
        counts.refusedMessages(),
        counts.refusedRecipients(),
        route.settings().limits());
  }

  private PoolStatus poolStatus(BackendPool pool) {
    PoolState state = poolStates.of(pool.name());
    Map<String, MemberStatus> statuses = pool.statuses();
    List<MemberState> members = new ArrayList<>();
    pool.members()
        .forEach((name, member) -> {
          MemberStatus status = statuses.get(name);
          if (status != null) {
            members.add(memberState(pool.name(), member, status));
          }
        });
    return new PoolStatus(
        pool.name(),
        AdminState.ENABLED,
        state.effective(),
        state.reason(),
        state.since(),
        pool.pool().tls().mode(),
        pool.waiting().length(),
        members);
  }

  private MemberState memberState(String pool, MemberConnections of, MemberStatus status) {
    EhloKeywords offered = of.keywords();
    List<ProbeReport> probes = health.reports(pool, of.member().name());
    List<Sighting> sightings =
        probes.stream().map(ProbeReport::sighting).filter(Objects::nonNull).toList();
    return new MemberState(
        of.member().name(),
        of.member().address(),
        status.admin(),
        status.effective(),
        status.ramping(),
        status.reason(),
        status.since(),
        of.member().weight(),
        status.inside(),
        status.outside(),
        of.member().priority(),
        of.connections(),
        of.totalConnections(),
        of.connectFailures(),
        of.responseNanos(),
        offered == null ? List.of() : offered.lines(),
        Sighting.bySource(sightings),
        probes);
  }
}
