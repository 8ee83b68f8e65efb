package io.posthouse.relay;

import io.posthouse.backend.Route;
import io.posthouse.backend.RuleLog;
import io.posthouse.backend.RuleRoutes;
import io.posthouse.model.RuleEvent;
import io.posthouse.net.ClientIdentity;
import io.posthouse.rules.RuleFacts;
import io.posthouse.rules.RuleVerdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a link in mode tcp: asked once, when it is known who the client is. */
final class RelayRules {
  private RelayRules() {}

  /** Has a client that was let in take the route that rules choose; else says how its link ends. */
  static @Nullable LinkEnd ask(
      TcpServer server, TcpServer.Running running, Entrance entrance, long nanos) {
    RuleRoutes rules = running.routes().rules();
    Route route = entrance.route();
    if (rules == null || route == null || !rules.rules().has(RuleEvent.CONNECT)) {
      return null;
    }
    ClientIdentity client = entrance.client();
    String of = route.settings().name();
    RuleFacts facts = RuleFacts.of(rules.groups(), client.address(), of, server.now(), nanos);
    RuleVerdict verdict = rules.rules().evaluate(RuleEvent.CONNECT, facts, false);
    String name = running.settings().name();
    verdict
        .firings()
        .forEach(
            each -> server.events().emit(RuleLog.event(name, client.name(), of, each, List.of())));
    return switch (verdict) {
      case RuleVerdict.Stop _ -> LinkEnd.RULE;
      case RuleVerdict.Go go -> entrance.move(rules.take(route, go.detour()));
    };
  }
}
