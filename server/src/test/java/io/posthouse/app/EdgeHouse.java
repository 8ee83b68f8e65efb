package io.posthouse.app;

import io.posthouse.door.Status.EdgeStatus;
import io.posthouse.testkit.HandClock;
import io.posthouse.testkit.ScriptedDns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A house with edge checks, by a DNS that a test scripts and a clock that it moves. */
final class EdgeHouse implements AutoCloseable {
  static final String LISTED = "9.0.0.127.zen.example.org";
  static final String ZEN = "dns-lists: { lists: { zen.example.org: 2 } }";

  final Path directory;
  final ScriptedDns dns = ScriptedDns.start();
  final HandClock clock = new HandClock();

  EdgeHouse(Path directory) {
    this.directory = directory;
  }

  /** A house with these checks, and this member. */
  RunningHouse start(SmtpMember member, String checks) throws Exception {
    return start(member, checks, "");
  }

  /** The same with more keys of the virtual server. */
  RunningHouse start(SmtpMember member, String checks, String server) throws Exception {
    return RunningHouse.start(directory, file(member, checks, server), clock);
  }

  /** The file of such a house. */
  String file(SmtpMember member, String checks, String server) {
    return """
    dns: { resolvers: ["127.0.0.1:%d"] }
    data-groups: { front: [127.0.0.9] }
    client-classes: { rest: { from: any, relay: server } }
    edge-checks: { internet: { %s } }
    pools:
      hub: { members: { ex1: 127.0.0.1:%d } }
    virtual-servers:
      mail: { %s listen: 127.0.0.1:0, pool: hub, classes: [rest], edge-checks: internet }
    """
        .formatted(dns.port(), checks, member.port(), server);
  }

  /** The last word on a message from this address. */
  static String send(String from, RunningHouse house) throws IOException {
    return send(from, "client.example.org", house);
  }

  static String send(String from, String hello, RunningHouse house) throws IOException {
    try (MailLink link = MailLink.from(from, house)) {
      link.say("EHLO " + hello);
      return link.send("a@example.org");
    }
  }

  /** What a check, or a list of that name, came to. */
  static EdgeStatus edge(RunningHouse house, String name) {
    return house.server("mail").edgeChecks().stream()
        .filter(each ->
            each.list().equals(name) || (each.list().isEmpty() && each.check().equals(name)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(Arrays.toString(new Object[] {name})));
  }

  /** Asked, matched, unanswered. */
  static String count(RunningHouse house, String name) {
    EdgeStatus of = edge(house, name);
    return of.asked() + "/" + of.matched() + "/" + of.unanswered();
  }

  @Override
  public void close() {
    dns.close();
  }
}
