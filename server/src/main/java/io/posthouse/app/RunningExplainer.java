package io.posthouse.app;

import io.posthouse.backend.LinkServer;
import io.posthouse.backend.Prospects;
import io.posthouse.backend.Route;
import io.posthouse.backend.RuleRoutes;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Entrance;
import io.posthouse.door.Why;
import io.posthouse.door.Why.LimitUse;
import io.posthouse.door.Why.OfServer;
import io.posthouse.door.Why.Question;
import io.posthouse.health.SenderScope;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Explanation;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Explains what runs: the configuration in effect, its lists, and its members of this moment. */
final class RunningExplainer implements Why.Explainer {
  private final Reconciler reconciler;
  private final Supplier<DataGroups> groups;
  private final InstantSource clock;

  /**
   * Explains what a reconciler runs.
   *
   * @param groups the data groups in use
   */
  RunningExplainer(Reconciler reconciler, Supplier<DataGroups> groups, InstantSource clock) {
    this.reconciler = reconciler;
    this.groups = groups;
    this.clock = clock;
  }

  @Override
  public Why explain(Question question) {
    Plane plane = reconciler.plane();
    if (plane == null) {
      throw new BadQuestionException("nothing runs yet; try again");
    }
    List<OfServer> answers = new ArrayList<>();
    for (VirtualServer server : ExplainedServers.of(plane.configuration(), question)) {
      answers.add(explain(plane, server, question));
    }
    return new Why(question, plane.generation(), answers);
  }

  private OfServer explain(Plane plane, VirtualServer server, Question question) {
    DataGroups lists = groups.get();
    Explanation explanation =
        Explanation.of(
            plane.configuration(), lists, server, question.client(), question.recipient());
    Route route = route(plane, explanation);
    LinkServer runs = plane.servers().get(server.name());
    if (route == null || runs == null) {
      return OfServer.closed(explanation);
    }
    RuleRoutes rules = runs.routes().rules();
    Entrance entrance =
        Entrance.of(
            plane.configuration(),
            lists,
            rules == null ? null : rules.rules(),
            explanation,
            question,
            clock.instant());
    String refused = entrance == null ? "" : entrance.obstacle();
    String sender = question.sender();
    boolean smtp = server.mode() == Mode.SMTP;
    SenderScope scope = smtp && sender != null ? route.inside().scope(sender) : null;
    List<LimitUse> limits = limits(runs, route, question.client());
    return new OfServer(
        explanation,
        entrance,
        scope,
        refused.isEmpty() ? obstacle(server, route, limits) : refused,
        limits,
        Prospects.of(
            route, question.client(), smtp && scope == null ? SenderScope.OUTSIDE : scope));
  }

  /** The route of the class that the client is of; null when it is of none. */
  private static @Nullable Route route(Plane plane, Explanation explanation) {
    Explanation.Admission admission = explanation.admission();
    LinkServer runs = plane.servers().get(explanation.server().name());
    if (admission == null || runs == null) {
      return null;
    }
    return runs.routes().all().stream()
        .filter(route -> route.settings().name().equals(admission.settings().name()))
        .findFirst()
        .orElse(null);
  }

  private static List<LimitUse> limits(LinkServer server, Route route, InetAddress client) {
    ClassBounds bounds = route.bounds();
    return LimitUse.all(
        server.settings(),
        route.settings().limits(),
        server.open(),
        bounds.links(),
        bounds.links(ClassBounds.client(client)));
  }

  private static String obstacle(VirtualServer server, Route route, List<LimitUse> limits) {
    for (LimitUse limit : limits) {
      if (limit.now() >= limit.most()) {
        return "%s is %d, and all are taken".formatted(limit.key(), limit.most());
      }
    }
    boolean answers = server.whenDownInEffect() == WhenDown.TEMPFAIL;
    return answers || route.pool().view().usable()
        ? ""
        : "no member of pool " + route.pool().name() + " may take work";
  }
}
