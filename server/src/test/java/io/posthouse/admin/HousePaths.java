package io.posthouse.admin;

import io.posthouse.audit.MemberWay;
import io.posthouse.door.BadQuestionException;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.path.MemberVerdicts;
import io.posthouse.path.PathTester;
import io.posthouse.path.Vip;
import io.posthouse.path.WalkedWay;
import io.posthouse.path.Whereabouts;
import io.posthouse.smtp.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ways of a house: ex1 greets, and gives nothing back to addresses of classes. */
final class HousePaths implements PathTester {
  private static final Duration MS = Duration.ofMillis(2);

  private final Configuration configuration;

  HousePaths(Configuration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Plan plan() {
    return new Plan(
        List.of(new PoolPlan("hub", List.of(new MemberPlan("ex1", 2), new MemberPlan("ex2", 2)))),
        List.of(
            new ServerPlan("SMTP_VS", Set.of("hub")), new ServerPlan("OTHER", Set.of("other"))));
  }

  @Override
  public Members members(String pool, @Nullable String member) {
    List<WalkedWay> ways =
        MemberWay.all(configuration).stream()
            .filter(way -> way.pool().name().equals(pool))
            .filter(way -> member == null || way.member().name().equals(member))
            .map(HousePaths::walked)
            .toList();
    if (!pool.equals("hub") || ways.isEmpty()) {
      throw new BadQuestionException("there is no " + pool);
    }
    return new Members(ways, MemberVerdicts.of(ways));
  }

  private static WalkedWay walked(MemberWay way) {
    boolean well = way.member().name().equals("ex2") || way.from().address() == null;
    Attempt attempt =
        well
            ? Attempt.of(End.CONNECTED, MS, "").then(Reply.of(220, "mx \u0007\u009b31m"), MS)
            : Attempt.of(End.TIMED_OUT, Attempt.CONNECT, "connect timed out");
    Whereabouts at = new Whereabouts(true, "eth0", true);
    return new WalkedWay(way, way.from().address(), at, "eth0", attempt);
  }

  @Override
  public Vips server(String name) {
    Endpoint listen = new Endpoint("127.0.0.1", 2525);
    Attempt attempt = Attempt.of(End.CONNECTED, MS, "connected");
    return new Vips(
        List.of(new Vip(listen, listen, new Whereabouts(true, "lo", true), attempt)), List.of());
  }
}
