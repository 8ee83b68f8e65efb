package io.posthouse.bench.compare;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What is compared, one after the other. HAProxy is in mode tcp in all of them. */
public enum Scenario {
  /** Short sessions with one mail of 4 KiB each, as many as possible. */
  TCP_4K("4 KiB mails, one a session", Setup.TCP, Kind.SMALL),
  /** Mails of 20 MB, a few at a time. */
  TCP_20M("20 MB mails", Setup.TCP, Kind.LARGE),
  /** 4 KiB mails driven by Debian's smtp-source, to check the load client itself. */
  SMTP_SOURCE("4 KiB mails by smtp-source", Setup.TCP, Kind.SMTP_SOURCE),
  /** As tcp-4k, with connections to the sinks that are kept. */
  SMTP_4K("mode smtp: 4 KiB mails, one a session", Setup.SMTP, Kind.SMALL),
  /** Links that carry many mails each, which Posthouse spreads over the sinks. */
  SMTP_MANY("mode smtp: 4 KiB mails, many a session", Setup.SMTP, Kind.MANY),
  /** As tcp-20m. */
  SMTP_20M("mode smtp: 20 MB mails", Setup.SMTP, Kind.LARGE),
  /** As smtp-4k, with a new connection to a sink for each mail. */
  SMTP_4K_FRESH("mode smtp, no reuse: 4 KiB mails, one a session", Setup.SMTP_FRESH, Kind.SMALL),
  /** What client classes cost: as smtp-many, the other one being Posthouse without them. */
  CLASSES_4K("client classes: 4 KiB mails, many a session", Setup.CLASSES, Kind.MANY),
  /** The same with a new link for each mail. */
  CLASSES_4K_LINKS("client classes: 4 KiB mails, one a session", Setup.CLASSES, Kind.SMALL),
  /** What all edge checks and ten rules cost: as smtp-many, against Posthouse without them. */
  CHECKS_4K("all edge checks and ten rules: 4 KiB mails, many a session", Setup.CHECKS, Kind.MANY),
  /** The same with a new link for each mail, whose greeting is not held. */
  CHECKS_4K_LINKS(
      "all edge checks and ten rules: 4 KiB mails, one a session", Setup.CHECKS_LINKS, Kind.SMALL),
  /** Clients in TLS, each with a full handshake. */
  TLS_4K_FULL(
      "TLS from clients, full handshakes: 4 KiB mails, one a session", Setup.TLS, Kind.FULL),
  /** Clients in TLS that resume the session before. */
  TLS_4K_RESUMED("TLS from clients, resumed: 4 KiB mails, one a session", Setup.TLS, Kind.SMALL),
  /** Clients in TLS that resume, and members in TLS. */
  TLS_MEMBERS_4K(
      "TLS from clients, resumed, and to members: 4 KiB mails, one a session",
      Setup.TLS_MEMBERS,
      Kind.SMALL),
  /** Links that have got the banner and hold still; fresh processes for each round. */
  IDLE("idle links", Setup.TCP, Kind.IDLE),
  /** The same in mode smtp, where the banner is Posthouse's own. */
  SMTP_IDLE("mode smtp: idle links", Setup.SMTP, Kind.IDLE),
  /** From exec to the first banner through a link; fresh processes for each round. */
  START("start", Setup.TCP, Kind.START);

  /** What is done in a round. */
  enum Kind {
    SMALL,
    /** As small; where clients come in TLS each makes a full handshake rather than to resume. */
    FULL,
    MANY,
    LARGE,
    SMTP_SOURCE,
    IDLE,
    START;

    /** Whether the warm-up of a setup, with small mails, does not do for it. */
    boolean hasOwnWarmUp() {
      return this == FULL || this == MANY || this == LARGE;
    }

    /** Whether balancers that run already are loaded; the others need fresh processes. */
    boolean isLoaded() {
      return this != IDLE && this != START;
    }
  }

  private final String title;
  private final Setup setup;
  private final Kind kind;

  Scenario(String title, Setup setup, Kind kind) {
    this.title = title;
    this.setup = setup;
    this.kind = kind;
  }

  /** The heading for people. */
  public String title() {
    return title;
  }

  Setup setup() {
    return setup;
  }

  Kind kind() {
    return kind;
  }

  /** The name on the command line and in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Those that are run when none is named: all but the check of the load client. */
  public static Set<Scenario> usual() {
    return EnumSet.complementOf(EnumSet.of(SMTP_SOURCE));
  }

  /** Those of a smoke run, which must stay short: the usual ones, without TLS. */
  public static Set<Scenario> quick() {
    Set<Scenario> set = usual();
    set.removeAll(named("tls"));
    set.removeIf(scenario -> scenario.setup().isAgainstPosthouse());
    return set;
  }

  /**
   * The scenario of a name, or the usual ones of a group: {@code tcp}, {@code smtp}, {@code
   * classes}, {@code checks}, {@code tls}.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Set<Scenario> named(String name) {
    Set<Scenario> set = EnumSet.noneOf(Scenario.class);
    for (Scenario scenario : values()) {
      boolean ofGroup = scenario.setup.group().equals(name) && scenario != SMTP_SOURCE;
      if (ofGroup || scenario.key().equals(name)) {
        set.add(scenario);
      }
    }
    if (set.isEmpty()) {
      throw new IllegalArgumentException("no scenario " + name + ": there are " + names());
    }
    return set;
  }

  private static String names() {
    StringBuilder names = new StringBuilder("tcp, smtp, classes, checks, tls (all of a group)");
    for (Scenario scenario : values()) {
      names.append(", ").append(scenario.key());
    }
    return names.toString();
  }
}
