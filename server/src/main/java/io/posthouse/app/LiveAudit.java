package io.posthouse.app;

import io.posthouse.audit.Audit;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.LiveFindings;
import io.posthouse.audit.LivePlan;
import io.posthouse.audit.LiveTarget;
import io.posthouse.audit.RelayPatterns;
import io.posthouse.audit.Tried;
import io.posthouse.backend.AssumedLinks;
import io.posthouse.backend.LinkServer;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.EventSink;
import io.posthouse.door.Ticker;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Pool;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.ListenException;
import io.posthouse.net.Loops;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.RelayGuard;
import io.posthouse.policy.RelayVerdict.Answer;
import io.posthouse.probe.RelayQuestions;
import io.posthouse.probe.RelayQuestions.Way;
import io.posthouse.smtp.Path;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks what runs whether it relays: its virtual servers as clients of each class, its members. */
final class LiveAudit implements LiveAuditor {
  private static final int CONNECT_MILLIS = 5_000;
  private static final String NOBODY =
      "no address was found in its lists that is of no class before it";

  private final Reconciler reconciler;
  private final Supplier<DataGroups> groups;
  private final Loops loops;
  private final LinkLimit limit;
  private final EventSink events;
  private final Ticker ticker;
  private final Names names;

  LiveAudit(
      Reconciler reconciler,
      Supplier<DataGroups> groups,
      Loops loops,
      LinkLimit limit,
      EventSink events,
      Names names,
      Ticker ticker) {
    this.reconciler = reconciler;
    this.groups = groups;
    this.loops = loops;
    this.limit = limit;
    this.events = events;
    this.names = names;
    this.ticker = ticker;
  }

  @Override
  public Plan plan() {
    LivePlan plan = LivePlan.of(plane().configuration(), groups.get());
    return new Plan(plan.targets().stream().map(LiveTarget::name).toList(), plan.notes());
  }

  private Plane plane() {
    Plane plane = reconciler.plane();
    if (plane == null) {
      throw new BadQuestionException("nothing runs yet; try again");
    }
    return plane;
  }

  @Override
  public Answers ask(String name, String recipient) {
    Plane plane = plane();
    Path foreign = Path.parse(recipient);
    if (foreign == null || !foreign.isAscii() || !PLAIN.matcher(recipient).matches()) {
      throw new BadQuestionException(
          "<" + recipient + "> is no plain address; write one such as " + RECIPIENT);
    }
    LiveTarget target =
        LivePlan.of(plane.configuration(), groups.get()).targets().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new BadQuestionException("there is nothing to ask named " + name));
    List<Tried> tried =
        switch (target) {
          case LiveTarget.Client client -> ofClient(plane, client, foreign);
          case LiveTarget.Straight straight -> ofMember(plane, straight, foreign);
        };
    Configuration configuration = plane.configuration();
    Audit audit = Audit.judged(configuration, LiveFindings.of(target, tried), Set.of());
    return new Answers(audit, tried);
  }

  private List<Tried> ofClient(Plane plane, LiveTarget.Client target, Path foreign) {
    RelayGuard guard = RelayGuard.of(target.of(), groups.get());
    if (guard.judge(foreign, false).answer() == Answer.ACCEPTED) {
      throw new BadQuestionException(
          "<%s> is no stranger: %s may send to it; name another with --recipient"
              .formatted(foreign.text(), target.of().name()));
    }
    LinkServer server = plane.servers().get(target.server().name());
    if (server == null) {
      throw new BadQuestionException(target.server().name() + " does not run any more; try again");
    }
    Endpoint listen = target.server().listen().getFirst();
    InetSocketAddress there = new InetSocketAddress(local(listen), listen.port());
    InetAddress as = target.client();
    if (as == null) {
      return patterns(plane, foreign, there.getAddress()).stream()
          .map(each -> new Tried(each, Tried.Outcome.UNTESTED, NOBODY))
          .toList();
    }
    ClientIdentity client = new ClientIdentity(new InetSocketAddress(as, 0), there, true);
    try (AssumedLinks links = AssumedLinks.open(server, client, loops, limit, events)) {
      boolean implicit = target.server().tls() != null && target.server().tls().implicit();
      // By a name that is not ours: whoever says that it is us is met by checks and rules.
      String hello = "audit." + Machine.hostname(plane.configuration());
      Way way = new Way(socket -> links.connect(socket, CONNECT_MILLIS), implicit);
      return new RelayQuestions(way, hello, ticker)
          .ask(patterns(plane, foreign, there.getAddress()));
    } catch (ListenException none) {
      throw new BadQuestionException("no port on the loopback interface: " + none.getMessage());
    }
  }

  /** The address that clients connect to; any of ours where it is all of them. */
  private static InetAddress local(Endpoint listen) {
    return IpAddress.parse(listen.host())
        .filter(address -> !address.isAnyLocalAddress())
        .orElse(AssumedLinks.LOOPBACK);
  }

  private List<Tried> ofMember(Plane plane, LiveTarget.Straight target, Path foreign) {
    Pool pool = plane.configuration().pools().get(target.pool());
    boolean implicit = pool != null && pool.tls().implicit();
    InetSocketAddress member = address(target.address());
    Way way = new Way(socket -> connect(socket, target.from().address(), member), implicit);
    return new RelayQuestions(way, Machine.hostname(plane.configuration()), ticker)
        .ask(patterns(plane, foreign, member.getAddress()));
  }

  /** The one that mail goes to. */
  private InetSocketAddress address(Endpoint member) {
    InetSocketAddress known = names.known(member);
    try {
      return known == null
          ? new InetSocketAddress(names.resolve(member.host()), member.port())
          : known;
    } catch (UnknownHostException unknown) {
      throw new BadQuestionException(
          "no address of %s is known; mend DNS, or write the address into the file"
              .formatted(member.host()));
    }
  }

  private static void connect(Socket socket, @Nullable InetAddress from, InetSocketAddress member)
      throws IOException {
    if (from != null) {
      socket.bind(new InetSocketAddress(from, 0));
    }
    socket.connect(member, CONNECT_MILLIS);
  }

  private static List<RelayPatterns.Pattern> patterns(
      Plane plane, Path foreign, InetAddress address) {
    return RelayPatterns.of(
        foreign.text(), Machine.hostname(plane.configuration()), IpAddress.text(address));
  }
}
