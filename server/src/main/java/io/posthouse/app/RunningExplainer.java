package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.backend.Prospects;
import io.posthouse.backend.Route;
import io.posthouse.backend.Routes;
import io.posthouse.backend.RuleRoutes;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Entrance;
import io.posthouse.door.Why;
import io.posthouse.door.Why.LimitUse;
import io.posthouse.door.Why.OfServer;
import io.posthouse.door.Why.Outlook;
import io.posthouse.door.Why.Question;
import io.posthouse.health.SenderScope;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Explanation;
import io.posthouse.rules.RuleForecast;
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
    LinkServer runs = plane.servers().get(server.name());
    if (runs == null) {
      return OfServer.closed(explanation);
    }
    Routes routes = runs.routes();
    RuleRoutes rules = routes.rules();
    Entrance entrance =
        Entrance.of(
            plane.configuration(),
            lists,
            rules == null ? null : rules.rules(),
            explanation,
            question,
            clock.instant());
    Route route = route(routes, explanation);
    if (route == null || entrance == null) {
      return OfServer.closed(explanation);
    }
    RuleForecast forecast = entrance.rules();
    Route connected = rules == null ? route : rules.take(route, forecast.connected());
    Route served = rules == null ? route : rules.take(route, forecast.chosen());
    String refused = entrance.obstacle();
    return new OfServer(
        explanation,
        entrance,
        scope(server, served, question),
        refused.isEmpty() ? obstacle(runs, List.of(route, connected), question) : refused,
        limits(runs, served, question.client()),
        prospects(server, served, question));
  }

  private static @Nullable SenderScope scope(VirtualServer server, Route by, Question question) {
    String sender = question.sender();
    return sender == null || server.mode() != Mode.SMTP ? null : by.inside().scope(sender);
  }

  private static List<Outlook> prospects(VirtualServer server, Route by, Question question) {
    SenderScope scope = scope(server, by, question);
    boolean stranger = scope == null && server.mode() == Mode.SMTP;
    return Prospects.of(by, question.client(), stranger ? SenderScope.OUTSIDE : scope);
  }

  /** The route of the class that the client is of; null when it is of none. */
  private static @Nullable Route route(Routes routes, Explanation explanation) {
    Explanation.Admission admission = explanation.admission();
    return admission == null
        ? null
        : routes.all().stream()
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

  /**
   * Why the client is not let in when it connects.
   *
   * @param routes that of its class, and that which rules choose then
   */
  private static String obstacle(LinkServer runs, List<Route> routes, Question question) {
    for (Route route : routes) {
      for (LimitUse limit : limits(runs, route, question.client())) {
        if (limit.now() >= limit.most()) {
          return "%s is %d, and all are taken".formatted(limit.key(), limit.most());
        }
      }
    }
    BackendPool pool = routes.getLast().pool();
    boolean answers = runs.settings().whenDownInEffect() == WhenDown.TEMPFAIL;
    return answers || pool.view().usable()
        ? ""
        : "no member of pool " + pool.name() + " may take work";
  }
}
