package io.posthouse.switching;

import io.posthouse.backend.MemberConnections;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.edge.Finding;
import io.posthouse.model.Spelled;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.TlsFacts;
import io.posthouse.policy.RelayVerdict;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Errand;
import io.posthouse.smtp.session.Login;
import io.posthouse.smtp.session.SessionEvent;
import io.posthouse.smtp.session.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of links and messages: envelope, member and the last word, never what they
 * hold.
 */
final class SwitchingLog {
  private SwitchingLog() {}

  /** The line for the end of a link. */
  static Event event(SmtpLink link, SmtpEnd how) {
    List<Object> fields = new ArrayList<>(24);
    add(fields, "virtual-server", link.serverName());
    add(fields, "client", link.clientName());
    add(fields, "class", link.className());
    add(fields, "end", how.phrase());
    add(fields, "messages", link.messages());
    add(fields, "in", link.octetsIn());
    add(fields, "out", link.octetsOut());
    TlsFacts tls = link.tlsFacts();
    if (tls != null) {
      add(fields, "tls", tls.version());
      add(fields, "cipher", tls.cipher());
      if (!tls.peer().isEmpty()) {
        add(fields, "client-certificate", tls.peer());
      }
    }
    add(fields, "ms", link.openMillis());
    return new Event(how.isRefusal() ? EventKind.LINK_REFUSED : EventKind.LINK_CLOSED, fields);
  }

  /** The line for a peer that got no link, because of what it did not say. */
  static Event refused(String server, ClientIdentity peer, SmtpEnd how, String reason) {
    List<Object> fields = new ArrayList<>(8);
    add(fields, "virtual-server", server);
    add(fields, "client", peer.name());
    add(fields, "end", how.phrase());
    if (!reason.isEmpty()) {
      add(fields, "reason", reason);
    }
    return new Event(EventKind.LINK_REFUSED, fields);
  }

  /** The line for a recipient that the relay guard refused. */
  static Event relayDenied(
      SmtpLink link, @Nullable Transaction message, Command.Rcpt to, RelayVerdict why) {
    return recipient(EventKind.RECIPIENT_REFUSED, link, message, to, why.reason());
  }

  /**
   * The line for a recipient that was refused because of what edge checks hold against its client.
   */
  static Event unwanted(SmtpLink link, @Nullable Transaction message, Command.Rcpt to, Reply said) {
    return recipient(EventKind.EDGE_REFUSED, link, message, to, said.phrase());
  }

  private static Event recipient(
      EventKind kind,
      SmtpLink link,
      @Nullable Transaction message,
      Command.Rcpt to,
      String reason) {
    return Event.of(
        kind,
        "virtual-server",
        link.serverName(),
        "client",
        link.clientName(),
        "class",
        link.className(),
        "from",
        message == null ? "" : message.mail().sender().text(),
        "recipient",
        to.recipient().text(),
        "reason",
        reason);
  }

  /** The line for a client that an edge check met. */
  static Event met(SmtpLink link, Finding found) {
    return Event.of(
        EventKind.EDGE_CHECK,
        "virtual-server",
        link.serverName(),
        "client",
        link.clientName(),
        "class",
        link.className(),
        "check",
        found.check().phrase(),
        "action",
        Spelled.of(found.action()),
        "reason",
        found.reason(),
        "score",
        found.score());
  }

  /** The line for a list in DNS that does not talk to our resolver. */
  static Event listRefuses(SmtpLink link, String list) {
    return Event.of(
        EventKind.DNS_LIST_REFUSES,
        "virtual-server",
        link.serverName(),
        "list",
        list,
        "remedy",
        "it answers 127.255.255.x: too many questions, or a public resolver; ask by a resolver of your"
            + " own, or get an account there");
  }

  /** The line for an event; null when it is not worth one. */
  static @Nullable Event event(SmtpLink link, SessionEvent happened) {
    return switch (happened) {
      case SessionEvent.Answered a -> answered(link, a);
      case SessionEvent.Failed f ->
          of(EventKind.MESSAGE_FAILED, link, f.transaction(), "reply", f.reply().phrase());
      case SessionEvent.OutcomeUnknown u ->
          of(EventKind.OUTCOME_UNKNOWN, link, u.transaction(), "reason", u.failure().phrase());
      case SessionEvent.LoginEnded l -> loginEnded(link, l);
      case SessionEvent.AttemptFailed t ->
          of(
              EventKind.TRY_FAILED,
              link,
              t.errand(),
              "reason",
              t.failure().phrase(),
              "another-try",
              t.retried());
      case SessionEvent.NotBelieved forged ->
          Event.of(
              EventKind.XCLIENT_REFUSED,
              "virtual-server",
              link.serverName(),
              "client",
              link.clientName(),
              "said",
              forged.said().line());
      case SessionEvent.Abandoned _ -> null;
    };
  }

  private static @Nullable Event answered(SmtpLink link, SessionEvent.Answered answered) {
    if (!link.linksLogged()) {
      return null;
    }
    Event event =
        of(EventKind.MESSAGE, link, answered.transaction(), "reply", answered.reply().phrase());
    return answered.told() ? event : event.with("client-told", false);
  }

  /** Who logs in, and with what, is the member's and the client's alone. */
  private static @Nullable Event loginEnded(SmtpLink link, SessionEvent.LoginEnded ended) {
    boolean well = ended.reply().severity() == 2;
    if (well && !link.linksLogged()) {
      return null;
    }
    EventKind kind = well ? EventKind.LOGIN : EventKind.LOGIN_FAILED;
    return of(kind, link, ended.login(), "reply", ended.reply().code());
  }

  private static Event of(EventKind kind, SmtpLink link, Errand errand, Object... more) {
    Choice<MemberConnections> choice = link.choice();
    List<Object> fields = new ArrayList<>(28);
    add(fields, "virtual-server", link.serverName());
    add(fields, "client", link.clientName());
    add(fields, "class", link.className());
    add(fields, "member", choice == null ? "-" : choice.name());
    add(fields, "why", choice == null ? "-" : choice.why().name().toLowerCase(Locale.ROOT));
    switch (errand) {
      case Transaction message -> {
        add(fields, "from", message.mail().sender().text());
        add(fields, "recipients", message.accepted());
        add(fields, "octets", message.octets());
      }
      case Login login -> add(fields, "mechanism", login.mechanism());
    }
    add(fields, "tries", link.tries());
    TlsFacts tls = link.tlsFacts();
    if (tls != null) {
      add(fields, "tls", tls.version());
    }
    TlsFacts memberTls = link.memberTlsFacts();
    if (memberTls != null) {
      add(fields, "member-tls", memberTls.version());
    }
    fields.addAll(List.of(more));
    add(fields, "ms", link.messageMillis());
    return new Event(kind, fields);
  }

  private static void add(List<Object> fields, String key, Object value) {
    fields.add(key);
    fields.add(value);
  }
}
