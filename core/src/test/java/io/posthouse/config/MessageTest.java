package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a single wrong value is answered with, and where. */
class MessageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mode: tcp | mode: udp | 13:11 | expected one of smtp, tcp, nat, dsr, not "udp"
          mode: tcp | mode: tpc | 13:11 | not "tpc"; did you mean tcp?
          mode: tcp | mode: nat | 13:11 | mode nat is not in this release; write mode: smtp, mode: tcp or mode: dsr
          mode: tcp | mode: tcp\\n    dsr: {} | 14:5 | is for mode dsr; remove it, or write mode: dsr
          mode: tcp | idle-timeout: 11m | 13:5 | mode smtp has a time for each phase
          mode: tcp | when-down: reset | 13:16 | write tempfail, 421 or close
          mode: tcp | when-down: tempfail | ok | -
          mode: tcp | mode: tcp\\n    smtp: {} | 14:5 | mode tcp does not speak SMTP; remove smtp
          mode: tcp | smtp: { max-message-size: 10MB } | 13:31 | not "10MB"; write 10MiB
          mode: tcp | smtp: { max-message-size: 10 m } | 13:31 | write 10MiB
          mode: tcp | smtp: { max-message-size: 4096 } | 13:31 | write 4096B, or with KiB
          mode: tcp | smtp: { max-message-size: big } | 13:31 | such as 10MiB
          mode: tcp | smtp: { max-message-size: 2.5MiB } | 13:31 | a whole number and one of the units
          mode: tcp | smtp: { max-message-size: 1025GiB } | 13:31 | must be from 0 to 1024GiB, not 1025GiB
          mode: tcp | smtp: { max-message-size: 0 } | ok | -
          mode: tcp | smtp: { max-recipients: 99 } | 13:29 | must be from 100 to 100000
          mode: tcp | smtp: { line-ends: normalize } | 13:24 | did you mean normalise?
          weight: 2 | weight: 2, reuse: false | 9:48 | no virtual server of this pool has that mode
          monitors: [alive] | monitors: [alive]\\n    retry: {} | 7:5 | is for mode smtp
          mode: tcp | mode: | 13:10 | has no value
          pool: hub | pool: 25 | 14:11 | expected text, not the number 25; write it in quotes: "25"
          pool: hub | pool: { a: b } | 14:11 | expected a single value, not a block of keys
          pool: hub | pool: *hub | 14:11 | an unquoted * begins an alias
          pool: hub | pool: !x hub | 14:11 | YAML tags are not used here
          pool: hub | pool: hub\\7 | 14:14 | the character U+0007
          pool: hub | pool: "hub\\\\n" | 14:11 | holds a line break or control character
          weight: 2 | weight: 2.0 | 9:45 | expected a whole number
          weight: 2 | weight: 0x2 | 9:45 | expected a whole number
          weight: 2 | weight: 99999999999999999999 | 9:45 | must be from 1 to 256
          weight: 2 | Weight: 2 | 9:37 | did you mean weight?
          weight: 2 | max_connections: 2 | 9:37 | did you mean max-connections?
          weight: 2 | colour: red | 9:37 | unknown key; known: address, weight
          weight: 2 | server: ex2 | 9:37 | not in this release
          weight: 2 | weight: 2, weight: 3 | 9:48 | is given twice, first in line 9
          weight: 2 | <<: { weight: 2 } | 9:37 | merge keys are not part of YAML 1.2
          version: 1 | version: "1" | 1:10 | remove the quotes
          172.16.51.174:25 | "*:25" | ok | -
          172.16.51.174:25 | *:25 | 12:13 | write text that begins with * in quotes, such as "*:25"
          172.16.51.174:25 | [::1]:25 | 12:14 | write an IPv6 address in quotes
          172.16.51.174:25 | "[::1]:25" | ok | -
          172.16.51.174:25 | "::1" | 12:13 | stands in brackets and quotes, with a port
          172.16.51.174:25 | 172.16.51.174 | 12:13 | the port is missing; write 172.16.51.174:25
          172.16.51.174:25 | 25 | 12:13 | the address is missing
          172.16.51.174:25 | 172.16.51.174:65536 | 12:13 | ports go to 65535
          172.16.51.174:25 | [] | 12:13 | the list is empty
          172.16.51.174:25 | 172.16.51.174:25, 10.0.0.1:25 | 12:13 | expected a host and port
          172.16.51.174:25 | [172.16.51.174:25, [10.0.0.1:25]] | 12:32 | expected a single value, not a list
          ex1: 10.1.1.21:25 | 'ex 1: 10.1.1.21:25' | 8:7 | "ex 1" is no name
          ex1: 10.1.1.21:25 | ? [a] | 8:9 | a key must be a single word
          type: tcp | type: tcp, interval: 5 | 3:33 | 5 has no unit; write 5s or 5ms
          type: tcp | type: tcp, interval: 5sec | 3:33 | one of the units ms, s, m, h, d
          type: tcp | type: tcp, interval: 1.5s | 3:33 | a whole number and one of the units
          type: tcp | type: tcp, interval: -1s | 3:33 | expected a time
          type: tcp | type: tcp, interval: 213503982335d | 3:33 | expected a time
          type: tcp | type: tcp, interval: 2d | 3:33 | must be from 100ms to 1d, not 2d
          type: tcp | type: tcp, port: 0 | 3:29 | expected member or a port from 1 to 65535
          type: tcp | type: tcp, port: members | 3:29 | expected member or a port
          type: tcp | port: member | 3:3 | monitors.alive has no type; add it
          monitors: [alive] | monitors: [[alive]] | 6:16 | expected a single value
          """)
  void saysWhereAndWhatToDo(String part, String replacement, String place, String message) {
    String text = Sample.with(part, replacement.translateEscapes());

    if (place.equals("ok")) {
      assertThat(Sample.problems(text)).isEmpty();
    } else {
      assertThat(Sample.problem(text))
          .startsWith("t.yaml:" + place + ": error: ")
          .contains(message);
    }
  }

  @Test
  void bringsNoControlCharacterIntoALogLine() {
    assertThat(Sample.problem(Sample.GOOD + "\"x\\u001b[31m\\nforged\": 1\n"))
        .contains("x\\u001b[31m\\u000aforged")
        .doesNotContain("\n", "\u001b");
  }

  @Test
  void aTabIsNamed() {
    assertThat(Sample.problem("version: 1\npools:\n\thub: {}\n")).contains("t.yaml:3:1", "tabs");
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertThat(Sample.problem(Sample.GOOD + "---\nversion: 1\n"))
        .startsWith("t.yaml:15:1: error: a second document");
  }

  @Test
  void aFileFromWindowsIsRead() {
    String text = "\ufeff" + Sample.GOOD.replace("\n", "\r\n");

    assertThat(Sample.problems(text)).isEmpty();
    assertThat(Sample.problem(text.replace("weight: 2", "weight: 0"))).startsWith("t.yaml:9:45: ");
  }
}
