package io.posthouse.config;

import io.posthouse.model.FindingKind;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.model.Spelled;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a monitor's keys fit its type and depth, and that its names could be SMTP. */
final class MonitorChecks {
  private static final Duration SLOW = Duration.ofSeconds(60);

  private final Draft draft;
  private final Places places;
  private final Monitor monitor;
  private final String path;

  private MonitorChecks(Draft draft, Monitor monitor) {
    this.draft = draft;
    this.places = draft.places();
    this.monitor = monitor;
    this.path = Places.path("monitors", monitor.name());
  }

  static void check(Draft draft) {
    for (Monitor monitor : draft.configuration().monitors().values()) {
      new MonitorChecks(draft, monitor).check();
    }
    String hostname = draft.configuration().hostname();
    if (hostname != null && draft.places().good("hostname") && !MailSyntax.isHelo(hostname)) {
      draft.error("hostname", noHelo(hostname));
    }
  }

  private void check() {
    syntax();
    if (places.good(key("interval"))
        && monitor.interval().compareTo(SLOW) > 0
        && !draft.accepts(FindingKind.SLOW_PROBE, monitor.name())) {
      draft.warning(
          key("interval"),
          "a member that fails is found late, after "
              + monitor.fall()
              + " times "
              + Times.print(monitor.interval())
              + "; 60s or less is usual");
    }
    if (!places.good(key("type"))) {
      return;
    }
    if (monitor.type() == Monitor.Type.SMTP) {
      smtp();
    } else {
      for (String other : List.of("depth", "helo", "senders", "recipient")) {
        refuse(other, "type: smtp");
      }
    }
    if (monitor.type() == Monitor.Type.EXEC) {
      exec();
    } else {
      refuse("command", "type: exec");
    }
  }

  private void refuse(String other, String needed) {
    if (places.written(key(other))) {
      draft.errorAtKey(
          key(other),
          "a monitor of type "
              + Spelled.of(monitor.type())
              + " has no "
              + other
              + "; remove it, or write "
              + needed);
    }
  }

  private void exec() {
    if (!places.written(key("command"))) {
      draft.errorAtKey(path, "a monitor of type exec needs command, the program that is run");
    } else if (places.good(key("command"))) {
      List<String> command = monitor.command();
      if (command == null || command.isEmpty() || command.getFirst().isBlank()) {
        draft.error(key("command"), "the command is empty; write the program that is run");
      }
    }
  }

  private void smtp() {
    if (!places.trusted(key("depth"))) {
      return;
    }
    Depth depth = monitor.depth();
    needs("senders", Depth.SENDER, depth);
    needs("recipient", Depth.RECIPIENT, depth);
    idle("helo", Depth.HELLO, depth);
    idle("senders", Depth.SENDER, depth);
    idle("recipient", Depth.RECIPIENT, depth);
  }

  private void needs(String other, Depth from, Depth depth) {
    if (depth.compareTo(from) >= 0 && !places.written(key(other))) {
      draft.error(
          key("depth"),
          "depth " + Spelled.of(depth) + " needs " + other + "; add it, or go less deep");
    }
  }

  private void idle(String other, Depth from, Depth depth) {
    if (depth.compareTo(from) < 0 && places.written(key(other))) {
      draft.warningAtKey(
          key(other),
          "is not used at depth "
              + Spelled.of(depth)
              + "; remove it, or write depth: "
              + Spelled.of(from));
    }
  }

  private void syntax() {
    if (monitor.helo() != null && places.good(key("helo")) && !MailSyntax.isHelo(monitor.helo())) {
      draft.error(key("helo"), noHelo(monitor.helo()));
    }
    String recipient = monitor.recipient();
    // RFC 5321 section 4.5.1: every server takes mail for postmaster without a domain.
    if (recipient != null && !recipient.equalsIgnoreCase("postmaster")) {
      mailbox("recipient", recipient);
    }
    Monitor.Senders senders = monitor.senders();
    if (senders != null) {
      boolean inside = mailbox("senders.inside", senders.inside());
      outside(senders, inside);
    }
  }

  private void outside(Monitor.Senders senders, boolean insideIsGood) {
    String outside = senders.outside();
    if (outside == null || MailSyntax.isNullSender(outside)) {
      return;
    }
    if (mailbox("senders.outside", outside)
        && insideIsGood
        && MailSyntax.domain(outside).equals(MailSyntax.domain(senders.inside()))) {
      draft.error(
          key("senders.outside"),
          "has the domain of the inside sender, so it tells nothing about foreign senders; use a"
              + " domain that is not yours, or \"\" for the null sender");
    }
  }

  private boolean mailbox(String name, @Nullable String text) {
    if (text == null || !places.good(key(name))) {
      return false;
    } else if (!MailSyntax.isMailbox(text)) {
      draft.error(
          key(name),
          Words.quote(text)
              + " is no mail address; write it as probe@contoso.com, without angle brackets");
      return false;
    }
    return true;
  }

  private static String noHelo(String text) {
    return Words.quote(text)
        + " cannot be given with EHLO; write a domain name, such as mail.contoso.com";
  }

  /** The path of one of the monitor's own keys; a dot goes a level deeper. */
  private String key(String name) {
    return path + "." + name;
  }
}
