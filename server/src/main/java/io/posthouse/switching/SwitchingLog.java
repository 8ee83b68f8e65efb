package io.posthouse.switching;

import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.RuleLog;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.edge.Finding;
import io.posthouse.model.Spelled;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.TlsFacts;
import io.posthouse.policy.RelayVerdict;
import io.posthouse.rules.Firing;
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
 * What the log says of one link and its messages: envelope, member and the last word, never what
 * they hold.
 */
final class SwitchingLog {
  private final SmtpLink link;
  private final SmtpServer server;
  private final Admission admission;

  SwitchingLog(SmtpLink link, SmtpServer server, Admission admission) {
    this.link = link;
    this.server = server;
    this.admission = admission;
  }

  /** The line for the end of the link. */
  void ended(SmtpEnd how) {
    List<Object> fields = fields(24);
    add(fields, "end", how.phrase());
    add(fields, "messages", link.outlet().messages());
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
    server.tell(
        new Event(how.isRefusal() ? EventKind.LINK_REFUSED : EventKind.LINK_CLOSED, fields));
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
  void relayDenied(Transaction message, Command.Rcpt to, RelayVerdict why) {
    recipient(EventKind.RECIPIENT_REFUSED, message, to, why.reason());
  }

  /**
   * The line for a recipient that was refused because of what edge checks hold against its client.
   */
  void unwanted(Transaction message, Command.Rcpt to, Reply said) {
    recipient(EventKind.EDGE_REFUSED, message, to, said.phrase());
  }

  private void recipient(EventKind kind, Transaction message, Command.Rcpt to, String reason) {
    List<Object> fields = fields(12);
    add(fields, "from", message.mail().sender().text());
    add(fields, "recipient", to.recipient().text());
    add(fields, "reason", reason);
    server.tell(new Event(kind, fields));
  }

  /** The line for a client that an edge check met. */
  void met(Finding found) {
    List<Object> fields = fields(14);
    add(fields, "check", found.check().phrase());
    add(fields, "action", Spelled.of(found.action()));
    add(fields, "reason", found.reason());
    add(fields, "score", found.score());
    server.tell(new Event(EventKind.EDGE_CHECK, fields));
  }

  /** The line for a list in DNS that does not talk to our resolver. */
  void listRefuses(String list) {
    server.tell(
        Event.of(
            EventKind.DNS_LIST_REFUSES,
            "virtual-server",
            serverName(),
            "list",
            list,
            "remedy",
            "it answers 127.255.255.x: too many questions, or a public resolver; ask by a resolver"
                + " of your own, or get an account there"));
  }

  /**
   * The line for a rule that fired.
   *
   * @param clientClass the class that the client was of when the rule was asked
   * @param more keys and values in turn
   */
  void fired(String clientClass, Firing rule, List<Object> more) {
    server.tell(RuleLog.event(serverName(), clientName(), clientClass, rule, more));
  }

  /** The line for an unexpected error of ours. */
  void bug(Throwable cause) {
    server.tell(Event.of(EventKind.BUG, "where", "switching", "cause", cause.toString()));
  }

  /** The line for what happened to a message or a login, if it is worth one. */
  void happened(SessionEvent event) {
    Event line = line(event);
    if (line != null) {
      server.tell(line);
    }
  }

  private @Nullable Event line(SessionEvent happened) {
    return switch (happened) {
      case SessionEvent.Answered a -> answered(a);
      case SessionEvent.Failed f ->
          of(EventKind.MESSAGE_FAILED, f.transaction(), "reply", f.reply().phrase());
      case SessionEvent.OutcomeUnknown u ->
          of(EventKind.OUTCOME_UNKNOWN, u.transaction(), "reason", u.failure().phrase());
      case SessionEvent.LoginEnded l -> loginEnded(l);
      case SessionEvent.AttemptFailed t ->
          of(
              EventKind.TRY_FAILED,
              t.errand(),
              "reason",
              t.failure().phrase(),
              "another-try",
              t.retried());
      case SessionEvent.NotBelieved forged ->
          Event.of(
              EventKind.XCLIENT_REFUSED,
              "virtual-server",
              serverName(),
              "client",
              clientName(),
              "said",
              forged.said().line());
      case SessionEvent.Abandoned _ -> null;
    };
  }

  private @Nullable Event answered(SessionEvent.Answered answered) {
    if (!link.running().linksLogged()) {
      return null;
    }
    Event event = of(EventKind.MESSAGE, answered.transaction(), "reply", answered.reply().phrase());
    return answered.told() ? event : event.with("client-told", false);
  }

  /** Who logs in, and with what, is the member's and the client's alone. */
  private @Nullable Event loginEnded(SessionEvent.LoginEnded ended) {
    boolean well = ended.reply().severity() == 2;
    if (well && !link.running().linksLogged()) {
      return null;
    }
    EventKind kind = well ? EventKind.LOGIN : EventKind.LOGIN_FAILED;
    return of(kind, ended.login(), "reply", ended.reply().code());
  }

  private Event of(EventKind kind, Errand errand, Object... more) {
    Choice<MemberConnections> choice = link.outlet().choice();
    List<Object> fields = fields(28);
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
    add(fields, "tries", link.outlet().tries());
    TlsFacts tls = link.tlsFacts();
    if (tls != null) {
      add(fields, "tls", tls.version());
    }
    TlsFacts memberTls = link.outlet().memberTlsFacts();
    if (memberTls != null) {
      add(fields, "member-tls", memberTls.version());
    }
    fields.addAll(List.of(more));
    add(fields, "ms", link.outlet().millis());
    return new Event(kind, fields);
  }

  /** What each line begins with. */
  private List<Object> fields(int room) {
    List<Object> fields = new ArrayList<>(room);
    add(fields, "virtual-server", serverName());
    add(fields, "client", clientName());
    add(fields, "class", admission.className());
    return fields;
  }

  private String serverName() {
    return link.running().settings().name();
  }

  private String clientName() {
    return admission.identity().name();
  }

  private static void add(List<Object> fields, String key, Object value) {
    fields.add(key);
    fields.add(value);
  }
}
