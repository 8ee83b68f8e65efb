package io.posthouse.model;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One or more addresses that clients connect to, and the pool behind them. */
public record VirtualServer(
    @Named String name,
    @Key(
            value = "Address and port, or a list of them; * is every address of both families",
            min = 1,
            example = "[172.16.51.174:25, \"[2001:db8::25]:25\"]")
        List<Endpoint> listen,
    @Key(value = "Who moves the bytes", fallback = "smtp") Mode mode,
    @Key(value = "The pool that takes the work", example = "hub") String pool,
    @Key(
            value = "Whether a client stays with its member",
            fallback = "none",
            example = "{ by: source-address, timeout: 3m }")
        @Nullable Persistence persistence,
    @Key(
            value =
                "What a client gets when no member takes its link; tempfail in mode smtp, reset in mode tcp when absent")
        @Nullable WhenDown whenDown,
    @Key(
            value =
                "Mode tcp: a link on which nothing moves for this long is closed, mode dsr: its member is"
                    + " forgotten (RFC 5321 section 4.5.3.2 asks for 10 minutes after the dot); in mode"
                    + " smtp each phase has its own time",
            fallback = "11m",
            min = 1000,
            max = 86_400_000)
        Duration idleTimeout,
    @Key(
            value =
                "Most links of this virtual server at once; further ones get what when-down says. 0: no limit",
            fallback = "0",
            max = 10_000_000)
        int maxConnections,
    @Key(
            value = "TLS with clients; none when absent, and mode tcp then passes it through",
            example = "{ starttls: optional, certificate: tls/mail.pem, key: tls/mail.key }")
        @Nullable ServerTls tls,
    @Key(
            value =
                "The client classes, first match wins; a client of none of them is refused. When absent,"
                    + " everybody is let in",
            min = 1,
            example = "[relay, internet]")
        @Nullable List<String> classes,
    @Key(
            value = "Mode smtp: the edge checks for its clients; none when absent",
            example = "internet")
        @Nullable String edgeChecks,
    @Key(
            value = "The rules, in the order in which they are asked",
            fallback = "[]",
            example = "[own-name, big-from-partners]")
        List<String> rules,
    @Key(value = "Peers that say on whose behalf they connect", fallback = "{}") Believe believe,
    @Key(value = "Mode smtp: how clients are spoken with", fallback = "{}") SmtpSettings smtp,
    @Key(value = "Mode dsr: what the kernel is told", fallback = "{}") Dsr dsr,
    @Key(
            value =
                "What the log has of it: links, the end of every link and message; problems, only what"
                    + " went wrong; as log.links says when absent")
        @Nullable Logged log) {

  /** Who moves the bytes. */
  public enum Mode {
    SMTP,
    TCP,
    NAT,
    DSR
  }

  /** What the log has of a virtual server. */
  public enum Logged {
    /** The end of every link and message. */
    LINKS,
    /** What was refused or went wrong. */
    PROBLEMS
  }

  /**
   * Whether the end of every link and message is logged.
   *
   * @param otherwise what holds for those that do not say
   */
  public boolean logsLinks(boolean otherwise) {
    return log == null ? otherwise : log == Logged.LINKS;
  }

  /** What a client gets while no member is usable. */
  public enum WhenDown implements Spelled {
    /** Accept the link and answer 451 at MAIL: the client tries again later. Mode smtp only. */
    TEMPFAIL,
    /** Greet with 421 and close. In mode tcp this presumes that the clients speak SMTP in plain. */
    REPLY_421,
    /** Reset the link. Not in mode smtp, which has words for it. */
    RESET,
    /** Stop listening, so that a sibling MX is tried; listen again when a member is usable. */
    CLOSE;

    @Override
    public String spelling() {
      return this == REPLY_421 ? "421" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a client gets while no member is usable, the mode's default included. */
  public WhenDown whenDownInEffect() {
    if (whenDown != null) {
      return whenDown;
    }
    return mode == Mode.SMTP ? WhenDown.TEMPFAIL : WhenDown.RESET;
  }
}
