package io.posthouse.app;

import io.posthouse.door.Status.RuleStatus;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A house with rules, and a client that walks through their events. */
final class RuleHouse {
  private RuleHouse() {}

  /** A step of a client, and the command that takes it. */
  enum Step {
    CONNECT("", 1, 0),
    HELLO("EHLO client.example.org", 2, 0),
    MAIL("MAIL FROM:<a@example.org>", 3, 0),
    RECIPIENT("RCPT TO:<b@example.net>", 4, 1),
    DATA("DATA", 5, 1);

    final String command;

    /** How much a client has heard that is refused at it. */
    final int heard;

    /** How many messages a member has heard of then. */
    final int came;

    Step(String command, int heard, int came) {
      this.command = command;
      this.heard = heard;
      this.came = came;
    }

    String event() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static String file(SmtpMember hub, String rules, String names) {
    return file(hub, hub, "", rules, names);
  }

  static String file(SmtpMember hub, SmtpMember bulk, String mode, String rules, String names) {
    return """
    data-groups:
      trusted: [127.0.0.2]
      partners: { type: domain, values: [example.org] }
    snat-pools: { outside: [127.0.2.1] }
    client-classes:
      relay: { from: trusted, relay: any, snat: 127.0.2.9 }
      rest: { from: any, relay: server, limits: { connections: 100 } }
      few: { from: trusted, relay: server, limits: { connections: 1 } }
      locked: { from: trusted, relay: partners }
    rules:
    %s
    pools:
      hub: { members: { ex1: 127.0.0.1:%d } }
      bulk: { members: { ex1: 127.0.0.1:%d } }
    virtual-servers:
      mail: { %s listen: 127.0.0.1:0, pool: hub, classes: [rest], rules: [%s] }
    """
        .formatted(rules.indent(2).stripTrailing(), hub.port(), bulk.port(), mode, names);
  }

  static String rule(Step at, String when, String then) {
    return "r: { at: %s, when: '%s', then: %s }".formatted(at.event(), when, then);
  }

  /** What a client hears, step by step, until it is refused or the link ends. */
  static List<String> walk(RunningHouse house) throws IOException {
    List<String> heard = new ArrayList<>();
    try (Socket client = house.connect("mail")) {
      for (Step step : Step.values()) {
        String line = step == Step.CONNECT ? RunningHouse.line(client) : say(client, step.command);
        heard.add(line);
        if (line.charAt(0) > '3') {
          return heard;
        }
      }
      heard.add(say(client, "Subject: x\r\n\r\nhello\r\n."));
      say(client, "QUIT");
    } catch (IOException ended) {
      heard.add("ended");
    }
    return heard;
  }

  static String say(Socket client, String line) throws IOException {
    String last = RunningHouse.say(client, line);
    while (last.length() > 3 && last.charAt(3) == '-') {
      last = RunningHouse.line(client);
    }
    return last;
  }

  static RuleStatus status(RunningHouse house) {
    return house.server("mail").rules().getFirst();
  }

  /** Links of a class now. */
  static long links(RunningHouse house, String name) {
    return house.server("mail").classes().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .open();
  }

  static String hear(RunningHouse house, String from) throws IOException {
    try (Socket client = house.connectFrom(from, "mail")) {
      return RunningHouse.line(client);
    }
  }
}
