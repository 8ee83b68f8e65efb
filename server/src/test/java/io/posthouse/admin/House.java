package io.posthouse.admin;

import io.posthouse.audit.Audit;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.RelayPatterns;
import io.posthouse.audit.Tried;
import io.posthouse.config.ConfigFile;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.CertificateFacts;
import io.posthouse.door.ConfigApplier;
import io.posthouse.door.Entrance;
import io.posthouse.door.Event;
import io.posthouse.door.ListStatus;
import io.posthouse.door.PortUse;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.Status;
import io.posthouse.door.TlsStatus;
import io.posthouse.door.Tracing;
import io.posthouse.door.Why;
import io.posthouse.dsr.DsrChecker;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.Pressure;
import io.posthouse.health.PressureScope;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.health.SenderScope;
import io.posthouse.health.Sighting;
import io.posthouse.model.AdminState;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.RuleEvent;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.path.PathTester;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.Explanation;
import io.posthouse.policy.ProbeSource;
import io.posthouse.report.Report;
import io.posthouse.report.Traffic;
import io.posthouse.rules.LiveRule;
import io.posthouse.rules.RuleCounts;
import io.posthouse.rules.RuleEngine;
import io.posthouse.rules.RuleSet;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A house of two members behind the doors, whose answers a test may set. */
public final class House {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static final Configuration SETTINGS = settings();
  private static final DataGroups NO_LISTS = DataGroups.of(SETTINGS.dataGroups(), Map.of());

  /** What was emitted. */
  public final List<Event> events = new CopyOnWriteArrayList<>();

  /** What was set, by member. */
  public final Map<String, AdminState> states = new ConcurrentHashMap<>();

  /** Connections of each member in the next status. */
  public final Map<String, Long> connections = new ConcurrentHashMap<>();

  /** The answer of the next reload. */
  public volatile ConfigApplier.Applied applied =
      new ConfigApplier.Applied(true, 2, List.of("pool hub: member ex3 added"), List.of());

  /** What is wrong with the list file. */
  public volatile String problem = "";

  /** Whether the last reload was forced. */
  public volatile boolean forced;

  /** Whether listeners are bound. */
  public volatile boolean ready = true;

  /**
   * What is read of the trace of whoever is followed, part by part; behind the last it is over.
   * With more than two there is no room for one more trace.
   */
  public final Queue<Tracing.Part> traced = new ConcurrentLinkedQueue<>();

  /** Traces that somebody has ended. */
  public final Queue<Long> ended = new ConcurrentLinkedQueue<>();

  private final Tracing tracing =
      new Tracing() {
        @Override
        public OptionalLong begin(InetAddress client, Duration time) {
          return traced.size() > 2 ? OptionalLong.empty() : OptionalLong.of(7);
        }

        @Override
        public Part read(long trace) {
          Part part = traced.poll();
          return part == null ? new Part(List.of(), 0, true) : part;
        }

        @Override
        public void end(long trace) {
          ended.add(trace);
        }
      };

  /** Asks one thing, which refuses all. */
  public volatile LiveAuditor auditor =
      new LiveAuditor() {
        @Override
        public Plan plan() {
          return new Plan(List.of("internet on MAIL"), List.of("relay on MAIL may send"));
        }

        @Override
        public Answers ask(String target, String recipient) {
          RelayPatterns.Pattern pattern =
              RelayPatterns.of(recipient, "mx.example.net", "127.0.0.1").getFirst();
          Tried tried = new Tried(pattern, Tried.Outcome.REFUSED, "RCPT: 550 no");
          return new Answers(new Audit(List.of(), List.of()), List.of(tried));
        }
      };

  /** Of two members one is not reached from one address; the virtual server is well. */
  public volatile PathTester paths = new HousePaths(SETTINGS);

  /** Of two servers one does not have the VIP. */
  public volatile DsrChecker dsr = new HouseDsr();

  /** What the traffic came to. */
  public volatile Report report = new Report(NOON, NOON, NOON, List.of(), List.of(), Traffic.NONE);

  /** Runs before a probe answers. */
  public volatile Runnable beforeProbe = () -> {};

  /** The doors of this house. */
  public AdminDoors doors() {
    return new AdminDoors(
        this::status,
        (pool, member, state, author) -> states.put(pool + "/" + member, state),
        (author, force) -> {
          forced = force;
          return applied;
        },
        (pool, member) -> {
          beforeProbe.run();
          return List.of(member.equals("ex1") ? passed() : pressure());
        },
        this::why,
        auditor,
        paths,
        dsr,
        tracing,
        () -> report,
        () -> "posthouse_up 1\n",
        () -> ready,
        events::add);
  }

  /** What the house looks like. */
  public Status status() {
    List<Status.MemberState> members = new ArrayList<>();
    members.add(member("ex1", EffectiveState.UP, "passed", List.of(passed())));
    members.add(
        member("ex2", EffectiveState.PRESSURE, pressure().result().reason(), List.of(pressure())));
    return new Status(
        1,
        NOON,
        List.of(
            new Status.VirtualServerStatus(
                "SMTP_VS",
                Mode.SMTP,
                AdminState.ENABLED,
                Status.Effective.UP,
                "1 of 2 members up",
                NOON,
                "hub",
                List.of(Endpoint.parse("127.0.0.1:2525").orElseThrow(), new Endpoint("::1", 2525)),
                new TlsStatus(
                    "starttls",
                    "boringssl",
                    List.of(
                        new CertificateFacts(
                            "tls/mail.pem",
                            List.of("mail.contoso.com"),
                            NOON.plus(Duration.ofDays(60)),
                            "CN=Contoso")),
                    ""),
                new Status.LinkCounts(2, 40, 8, 5, 2, 3, 4096, 1024),
                List.of(
                    new Status.ClassStatus(
                        "relay", "hub", 2, 30, 1, 70, 3, 4, new ClientClass.Limits(100, 20, 0, 0)),
                    new Status.ClassStatus(
                        "internet", "hub", 0, 0, 0, 0, 0, 0, new ClientClass.Limits(0, 0, 0, 0))),
                List.of(
                    new Status.EdgeStatus("dns-lists", "", 40, 7, 1, 0),
                    new Status.EdgeStatus("dns-lists", "zen.example.org", 40, 8, 1, 2)),
                List.of(
                    new Status.RuleStatus("own-name", RuleEvent.HELLO, "refuse", false, 7, 1)))),
        List.of(
            new Status.PoolStatus(
                "hub",
                AdminState.ENABLED,
                Status.Effective.UP,
                "1 of 2 up",
                NOON,
                MemberTls.Mode.OPTIONAL,
                0,
                members)),
        List.of(
            new PortUse(
                "172.16.51.175", new Endpoint("10.1.1.21", 25), 812, 1000, Duration.ofMinutes(3))),
        List.of(new ListStatus("gateways", "address", "gateways.txt", 1234, problem)));
  }

  /**
   * What becomes of a client: by a configuration of one class, and two members of which one is up.
   */
  private Why why(Why.Question question) {
    if (question.server() != null && !question.server().equals("SMTP_VS")) {
      throw new BadQuestionException("there is no virtual server " + question.server());
    }
    Explanation explanation =
        Explanation.of(
            SETTINGS,
            NO_LISTS,
            SETTINGS.virtualServers().values().iterator().next(),
            question.client(),
            question.recipient());
    boolean in = explanation.admission() != null;
    return new Why(
        question,
        1,
        List.of(
            new Why.OfServer(
                explanation,
                Entrance.of(SETTINGS, NO_LISTS, rules(), explanation, question, NOON),
                in && question.sender() != null ? SenderScope.INSIDE : null,
                "",
                in ? List.of(new Why.LimitUse("connections-per-client", 20, 3)) : List.of(),
                in
                    ? List.of(outlook("ex2", 1, "round-robin"), outlook("ex1", 0, "is draining"))
                    : List.of())));
  }

  private static RuleSet rules() {
    return new RuleSet(
        SETTINGS.rules().values().stream()
            .map(each ->
                new LiveRule(
                    each,
                    RuleEngine.cel().compile(each.at(), each.when()),
                    new RuleCounts(),
                    new ClassBounds(new ClientClass.Limits(0, 0, 0, 0))))
            .toList());
  }

  private static Why.Outlook outlook(String name, int turn, String why) {
    return new Why.Outlook(
        name,
        new Endpoint("10.1.1.2" + name.charAt(2), 25),
        turn > 0 ? AdminState.ENABLED : AdminState.DRAINING,
        EffectiveState.UP,
        turn,
        why,
        InetAddress.ofLiteral("172.16.51.174"));
  }

  private static Configuration settings() {
    String file =
        """
        version: 1
        data-groups:
          applications: [10.20.0.0/16]
          domains: { type: domain, values: [contoso.com] }
        client-classes:
          relay:
            from: applications
            relay: domains
            snat: 172.16.51.174
            tls: required
            limits: { connections-per-client: 20 }
        edge-checks:
          all:
            early-talkers: { pause: 2s }
            dns-lists: { threshold: 2, lists: { zen.example.org: { zone: key.zen.example.org, score: 2 }, dnswl.example.net: -2 } }
        rules:
          own-name: { at: hello, when: 'helo == "mail.contoso.com"', then: { refuse: "550 5.7.1 That is our name" } }
          visitors: { at: mail, when: 'client.class != "relay"', then: close }
          news: { at: mail, when: 'sender.address == "news@contoso.com"', then: { pool: bulk } }
          big: { at: mail, when: size > 5000000, then: { snat: automap } }
        pools:
          hub: { announce: xclient, members: { ex1: 10.1.1.21:25, ex2: 10.1.1.22:25 } }
          bulk: { balance: two-choices, members: { ex3: 10.1.1.23:25 } }
        virtual-servers:
          SMTP_VS:
            listen: 127.0.0.1:2525
            pool: hub
            classes: [relay]
            edge-checks: all
            rules: [own-name, visitors, news, big]
            tls: { starttls: optional, certificate: a.pem, key: a.key }
        """;
    return switch (ConfigFile.read("posthouse.yaml", file)) {
      case ConfigFile.Read read -> read.configuration();
      case ConfigFile.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  private Status.MemberState member(
      String name, EffectiveState effective, String reason, List<ProbeReport> probes) {
    return new Status.MemberState(
        name,
        new Endpoint("10.1.1.2" + name.charAt(2), 25),
        states.getOrDefault("hub/" + name, AdminState.ENABLED),
        effective,
        false,
        reason,
        NOON,
        1,
        Pressure.NONE,
        effective == EffectiveState.PRESSURE
            ? new Pressure(0.5, 0.5, 14, 92, Duration.ZERO, 0, "452 4.3.1 no space")
            : Pressure.NONE,
        0,
        connections.getOrDefault(name, 1L),
        20,
        1,
        1_234_567,
        List.of("SIZE 1000", "8BITMIME"),
        Sighting.bySource(
            probes.stream().map(ProbeReport::sighting).filter(Objects::nonNull).toList()),
        probes);
  }

  private static ProbeReport passed() {
    return new ProbeReport(
        "tcp",
        NOON,
        Duration.ofMillis(2),
        new ProbeResult.Passed("connected"),
        List.of(),
        new CertificateChain(
            List.of(
                new CertificateChain.Certificate(
                    "CN=ex1.contoso.com",
                    "CN=Contoso CA",
                    List.of("ex1.contoso.com", "10.1.1.21"),
                    Instant.parse("2027-01-01T00:00:00Z"))),
            false,
            true,
            false,
            "unknown issuer CN=Contoso CA"),
        sighting("10.1.1.4", ""));
  }

  private static ProbeReport pressure() {
    return new ProbeReport(
        "deep",
        NOON,
        Duration.ofMillis(31),
        new ProbeResult.Pressure(
            PressureScope.OUTSIDE,
            ProbeStep.OUTSIDE_SENDER,
            "452 4.3.1 Insufficient system resources"),
        List.of(
            new ProbeReport.Line(ProbeReport.Direction.NOTE, "connected to 10.1.1.22:25"),
            new ProbeReport.Line(
                ProbeReport.Direction.FROM_MEMBER, "220 ex2 \u00e9 \"ready\"\u0007"),
            new ProbeReport.Line(ProbeReport.Direction.TO_MEMBER, "MAIL FROM:<probe@example.net>"),
            new ProbeReport.Line(
                ProbeReport.Direction.FROM_MEMBER, "452 4.3.1 Insufficient system resources")),
        null,
        sighting("10.9.9.9", "an address translation is between"));
  }

  private static Sighting sighting(String seen, String problem) {
    return new Sighting(
        ProbeSource.AUTOMAP,
        InetAddress.ofLiteral("10.1.1.4"),
        InetAddress.ofLiteral(seen),
        problem);
  }
}
