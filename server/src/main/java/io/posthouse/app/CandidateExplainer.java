package io.posthouse.app;

import io.posthouse.cli.CommandFailure;
import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.door.Entrance;
import io.posthouse.door.Why;
import io.posthouse.door.Why.LimitUse;
import io.posthouse.door.Why.OfServer;
import io.posthouse.door.Why.Outlook;
import io.posthouse.door.Why.Question;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.InsideSenders;
import io.posthouse.health.SenderScope;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Explanation;
import io.posthouse.policy.Explanation.Admission;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Explains a configuration that does not run: of its members nobody knows how they are. */
final class CandidateExplainer implements Why.Explainer {
  private final Configuration configuration;
  private final DataGroups groups;
  private final InstantSource clock;

  private CandidateExplainer(Configuration configuration, DataGroups groups, InstantSource clock) {
    this.configuration = configuration;
    this.groups = groups;
    this.clock = clock;
  }

  /**
   * Explains a file, and the lists that it names. Blocks.
   *
   * @throws CommandFailure when one of them cannot be used
   */
  static CandidateExplainer of(Path file) throws CommandFailure {
    ConfigSource source = new ConfigSource(file, Ports.ANY);
    switch (source.readAlone()) {
      case ConfigSource.Bad bad -> throw CommandFailure.usage(String.join("\n", bad.problems()));
      case ConfigSource.Good good -> {
        try {
          Configuration candidate = good.configuration();
          ListDesk lists = new ListDesk(source.directory(), event -> {}, Runnable::run);
          return new CandidateExplainer(
              candidate, lists.prepare(candidate, true).groups(), InstantSource.system());
        } catch (ListException bad) {
          throw CommandFailure.usage(String.join("\n", bad.problems()));
        }
      }
    }
  }

  @Override
  public Why explain(Question question) {
    List<OfServer> answers = new ArrayList<>();
    for (VirtualServer server : ExplainedServers.of(configuration, question)) {
      answers.add(explain(server, question));
    }
    return new Why(question, 0, answers);
  }

  private OfServer explain(VirtualServer server, Question question) {
    Explanation explanation =
        Explanation.of(configuration, groups, server, question.client(), question.recipient());
    Entrance entrance =
        Entrance.of(
            configuration,
            groups,
            new RuleFactory().of(configuration, server),
            explanation,
            question,
            clock.instant());
    if (entrance == null) {
      return OfServer.closed(explanation);
    }
    Admission served = entrance.served();
    List<LimitUse> limits =
        LimitUse.all(
            server,
            served.settings().limits(),
            LimitUse.UNKNOWN,
            LimitUse.UNKNOWN,
            LimitUse.UNKNOWN);
    List<Outlook> members =
        served.pool().members().values().stream()
            .map(member -> outlook(served, member, question))
            .toList();
    return new OfServer(
        explanation,
        entrance,
        scope(server, served, question),
        entrance.obstacle(),
        limits,
        members);
  }

  private @Nullable SenderScope scope(VirtualServer server, Admission of, Question question) {
    String sender = question.sender();
    return sender == null || server.mode() != Mode.SMTP
        ? null
        : InsideSenders.of(of.pool(), configuration.monitors(), groups).scope(sender);
  }

  private static Outlook outlook(Admission of, Member member, Question question) {
    Endpoint address = of.settings().address(member);
    boolean ipv6 = IpAddress.isIpv6(address.host());
    boolean reached = !address.isLiteral() || of.sources().by().reaches(question.client(), ipv6);
    Explanation.Sources sources = of.sources();
    return new Outlook(
        member.name(),
        address,
        member.state(),
        EffectiveState.UNKNOWN,
        0,
        reached ? "" : "no source address of its family",
        !address.isLiteral() ? null : ipv6 ? sources.ipv6() : sources.ipv4());
  }
}
