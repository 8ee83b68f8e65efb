package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Route;
import io.posthouse.door.ReportView;
import io.posthouse.door.Status.LinkCounts;
import io.posthouse.model.Member;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.report.MemberWeight;
import io.posthouse.report.Report;
import io.posthouse.report.ServedClass;
import io.posthouse.report.Traffic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report of what runs, put together when somebody asks. From any thread but a loop's. */
final class RunningReport implements ReportView {
  private final Reconciler reconciler;
  private final InstantSource clock;
  private final Instant started;

  RunningReport(Reconciler reconciler, InstantSource clock) {
    this.reconciler = reconciler;
    this.clock = clock;
    this.started = clock.instant();
  }

  @Override
  public Report report() {
    Plane plane = reconciler.plane();
    Traffic traffic = reconciler.traffic();
    if (plane != null) {
      traffic = Traffic.sum(List.of(traffic, reconciler.dsr().traffic(plane.configuration())));
    }
    List<ServedClass> classes = new ArrayList<>();
    List<MemberWeight> members = new ArrayList<>();
    if (plane != null) {
      // In the order of the file, which the plane's maps do not keep.
      for (String name : plane.configuration().virtualServers().keySet()) {
        VirtualServer server = plane.configuration().virtualServers().get(name);
        if (server != null && server.mode() == Mode.DSR) {
          classes.add(inKernel(server));
        }
        add(classes, plane.servers().get(name));
      }
      for (String name : plane.configuration().pools().keySet()) {
        add(members, plane.pools().get(name));
      }
    }
    return new Report(started, started, clock.instant(), classes, members, traffic);
  }

  private ServedClass inKernel(VirtualServer server) {
    LinkCounts counts = reconciler.dsr().counts(server);
    return new ServedClass(
        server.name(),
        server.mode(),
        DsrDesk.className(server),
        server.pool(),
        started,
        counts.total() - counts.refused());
  }

  private static void add(List<ServedClass> classes, @Nullable LinkServer server) {
    if (server == null) {
      return; // It is about to be there.
    }
    VirtualServer settings = server.settings();
    for (Route each : server.routes().all()) {
      classes.add(
          new ServedClass(
              settings.name(),
              settings.mode(),
              each.settings().name(),
              each.pool().name(),
              each.counts().since(),
              each.counts().links()));
    }
  }

  private static void add(List<MemberWeight> members, @Nullable BackendPool pool) {
    if (pool == null) {
      return;
    }
    for (MemberConnections each : pool.members().values()) {
      Member member = each.member();
      members.add(new MemberWeight(pool.name(), member.name(), member.weight(), member.priority()));
    }
  }
}
