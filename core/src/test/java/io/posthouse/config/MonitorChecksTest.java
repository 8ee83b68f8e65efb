package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorChecksTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: tcp, depth: banner | 23 | error: monitors.alive.depth: a monitor of type tcp has no depth
          type: exec, command: [/bin/x], recipient: a@b.c | 43 | error: monitors.alive.recipient: a monitor of type exec
          type: exec | 3 | error: monitors.alive: a monitor of type exec needs command
          type: exec, command: [] | 33 | error: monitors.alive.command: the command is empty
          type: exec, command: "" | 33 | error: monitors.alive.command: the command is empty
          type: exec, command: /bin/x | 0 | -
          type: smtp | 0 | -
          type: smtp, command: /bin/x | 24 | error: monitors.alive.command: a monitor of type smtp has no command
          type: smtp, depth: sender | 31 | error: monitors.alive.depth: depth sender needs senders
          type: smtp, depth: recipient, senders: { inside: a@b.c } | 31 | error: monitors.alive.depth: depth recipient needs recipient
          type: smtp, depth: recipient, senders: { inside: a@b.c }, recipient: Postmaster | 0 | -
          type: smtp, depth: sender, senders: { outside: a@b.c } | 39 | error: monitors.alive.senders: monitors.alive.senders has no inside
          type: smtp, depth: sender, senders: { inside: a@b.c, outside: a@B.C } | 74 | error: monitors.alive.senders.outside: has the domain of the inside sender
          type: smtp, depth: sender, senders: { inside: a@b.c, outside: "" } | 0 | -
          type: smtp, depth: sender, senders: { inside: a@b.c, outside: "<>" } | 0 | -
          type: smtp, depth: sender, senders: { inside: "" } | 58 | error: monitors.alive.senders.inside: "" is no mail address
          type: smtp, depth: sender, senders: { inside: <a@b.c> } | 58 | error: monitors.alive.senders.inside: "<a@b.c>" is no mail address
          type: smtp, depth: sender, senders: { inside: a b@b.c } | 58 | error: monitors.alive.senders.inside: "a b@b.c" is no mail
          type: smtp, depth: sender, senders: { inside: "a@b.c\\r\\nRSET" } | 58 | error: monitors.alive.senders.inside: "a@b.c\\u000d\\u000aRSET" holds a line break
          type: smtp, senders: { inside: a@b.c } | 24 | warning: monitors.alive.senders: is not used at depth hello
          type: smtp, recipient: a@b.c | 24 | warning: monitors.alive.recipient: is not used at depth hello
          type: smtp, depth: banner, helo: a.b | 39 | warning: monitors.alive.helo: is not used at depth banner
          type: smtp, helo: -a | 30 | error: monitors.alive.helo: "-a" cannot be given with EHLO
          type: tcp, interval: 61s | 33 | warning: monitors.alive.interval: a member that fails is found late
          type: tcp, interval: 1s, timeout: 5s | 0 | -
          """)
  void aMonitorsKeysFitItsTypeAndDepth(String keys, int column, String message) {
    String text = Sample.with("type: tcp", keys);

    if (column == 0) {
      assertThat(Sample.problems(text)).isEmpty();
    } else {
      assertThat(Sample.problem(text)).startsWith("t.yaml:3:" + column + ": " + message);
    }
  }
}
