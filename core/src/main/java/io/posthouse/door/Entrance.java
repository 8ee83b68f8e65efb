package io.posthouse.door;

import io.posthouse.door.Why.Question;
import io.posthouse.edge.EdgeOutlook;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.EdgeChecks;
import io.posthouse.model.ServerTls;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Explanation;
import io.posthouse.policy.Explanation.Admission;
import io.posthouse.rules.Detour;
import io.posthouse.rules.RuleForecast;
import io.posthouse.rules.RuleOutlook;
import io.posthouse.rules.RuleSet;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client that a class lets in meets before a member hears of it: rules and edge checks, as
 * far as they can be foretold. Nothing is counted and nobody is asked.
 *
 * @param edge the edge checks; null where there are none
 * @param served what it is served with by the rules that are sure to fire; where there are none, by
 *     its class
 */
public record Entrance(@Nullable EdgeOutlook edge, RuleForecast rules, Admission served) {

  /**
   * Looks ahead.
   *
   * @param rules those of the virtual server; null for none
   * @param now the time of day, which rules may ask for
   * @return null when no class lets the client in
   */
  public static @Nullable Entrance of(
      Configuration configuration,
      DataGroups groups,
      @Nullable RuleSet rules,
      Explanation explanation,
      Question question,
      Instant now) {
    Admission admission = explanation.admission();
    if (admission == null) {
      return null;
    }
    VirtualServer server = explanation.server();
    ServerTls tls = server.tls();
    boolean secured = tls != null && tls.implicit();
    String className = admission.settings().name();
    RuleForecast forecast =
        rules == null
            ? RuleForecast.none(className)
            : RuleForecast.of(
                rules,
                new RuleForecast.Known(
                    groups,
                    question.client(),
                    className,
                    secured,
                    !server.believe().xclient().isEmpty(),
                    question.sender(),
                    question.recipient(),
                    now));
    Detour chosen = forecast.chosen();
    String named = server.edgeChecks();
    EdgeChecks checks = named == null ? null : configuration.edgeChecks().get(named);
    boolean speaksForOthers = explanation.believed().xclient();
    return new Entrance(
        checks == null
            ? null
            : EdgeOutlook.of(checks, forecast.clientClass(), secured, speaksForOthers),
        forecast,
        chosen.equals(Detour.NONE)
            ? admission
            : explanation.servedAs(
                treatedAs(configuration, admission.settings(), chosen),
                configuration,
                groups,
                question.client(),
                question.recipient()));
  }

  private static ClientClass treatedAs(
      Configuration configuration, ClientClass its, Detour chosen) {
    String other = chosen.clientClass();
    ClientClass of = other == null ? its : configuration.clientClasses().get(other);
    if (of == null) {
      throw new AssertionError("unchecked class " + other);
    }
    return of.sentTo(chosen.pool(), chosen.snat());
  }

  /** Why a link of the client is not let in; empty for no reason. */
  public String obstacle() {
    RuleOutlook by = rules.refusal();
    return by == null ? "" : "rule %s: %s".formatted(by.rule().name(), by.detail());
  }
}
