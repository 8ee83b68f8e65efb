package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong only in the light of another place of the file. */
class ReferencesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pool: hub | pool: hug | 14:11 | error | there is no pool "hug"; did you mean hub?
          pool: hub | pool: other | 14:11 | error | there is no pool "other"; known: hub
          [alive] | [alife] | 6:16 | error | there is no monitor "alife"; did you mean alive?
          [alive] | alife | 6:15 | error | pools.hub.monitors: there is no monitor
          [alive] | [alive, alive] | 6:23 | error | is listed twice
          weight: 2 | monitors: [x] | 9:48 | error | pools.hub.members.ex2.monitors[0]: there is no monitor "x"
          10.1.1.22:25 | 10.1.1.21:25 | 9:23 | error | is already a member, in line 8
          10.1.1.22:25 | "[::ffff:10.1.1.21]:25" | 9:23 | error | is already a member
          10.1.1.22:25 | "*:25" | 9:23 | error | only for listening
          10.1.1.22:25 | 0.0.0.0:25 | 9:23 | error | only for listening
          10.1.1.22:25 | 10.1.1.22:0 | 9:23 | error | port 0 cannot be connected to
          10.1.1.22:25 | 172.16.51.174:25 | 9:23 | error | so it would connect to itself
          """)
  void saysWhereAndWhatToDo(
      String part, String replacement, String place, String kind, String message) {
    assertThat(Sample.problem(Sample.with(part, replacement)))
        .startsWith("t.yaml:" + place + ": " + kind + ": ")
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:25, 10.0.0.1:25, true",
    "10.0.0.1:25, 10.0.0.1:26, false",
    "10.0.0.1:25, 10.0.0.2:25, false",
    "*:25, 10.0.0.1:25, true",
    "10.0.0.1:25, *:25, true",
    "*:25, [2001:db8::1]:25, true",
    "*:25, 10.0.0.1:587, false",
    "0.0.0.0:25, 10.0.0.1:25, true",
    "0.0.0.0:25, [2001:db8::1]:25, false",
    "0.0.0.0:25, *:25, true",
    "[::]:25, [2001:db8::1]:25, true",
    "[::]:25, 10.0.0.1:25, true",
    "[2001:db8::1]:25, [2001:db8:0:0::1]:25, true",
  })
  void aListenAddressIsTakenOnce(String first, String second, boolean taken) {
    String text = Sample.with("172.16.51.174:25", "['" + first + "', '" + second + "']");

    if (taken) {
      assertThat(Sample.problem(text))
          .contains(":" + 12 + ":", "already listened on", "in line 12");
    } else {
      assertThat(Sample.problems(text)).isEmpty();
    }
  }

  @Test
  void aListenAddressIsTakenOnceAcrossVirtualServers() {
    String second = "  other: { listen: \"*:25\", mode: tcp, pool: hub }\n";

    assertThat(Sample.problem(Sample.GOOD + second))
        .startsWith("t.yaml:15:20: error: virtual-servers.other.listen: *:25 is already");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:25, error: admin.listen: 127.0.0.1:25 is already listened on by *:25",
    "10.0.0.1:8025, write 127.0.0.1:8025",
    "*:8025, write 127.0.0.1:8025",
    "localhost:8025, not the name",
    "127.0.0.1:0, port 0",
  })
  void theApiIsAloneAndLocal(String listen, String message) {
    String text =
        "admin: { listen: '" + listen + "' }\n" + Sample.with("172.16.51.174:25", "'*:25'");

    assertThat(Sample.problem(text)).startsWith("t.yaml:1:18: error: ").contains(message);
  }

  @Test
  void aListenAddressMayNotMeetTheApisDefault() {
    assertThat(Sample.problem(Sample.with("172.16.51.174:25", "127.0.0.1:8025")))
        .startsWith("t.yaml:12:13: error: ")
        .contains("meets the default of admin.listen");
  }

  @Test
  void aMinActiveThatCannotBeReachedIsAWarning() {
    assertThat(
            Sample.problem(
                Sample.with("monitors: [alive]", "monitors: [alive]\n    min-active: 3")))
        .startsWith("t.yaml:7:17: warning: pools.hub.min-active: the pool has 2 members");
  }

  @Test
  void aPoolWithoutUseIsAWarning() {
    String spare = "pools:\n  spare: { members: { a: 10.1.1.30:25 } }";

    assertThat(Sample.problem(Sample.with("pools:", spare)))
        .startsWith("t.yaml:5:3: warning: pools.spare: no virtual server uses this pool");
  }

  @Test
  void aNameThatLeadsNowhereHidesTheWarningAboutItsTarget() {
    assertThat(Sample.problems(Sample.with("pool: hub", "pool: hubb"))).hasSize(1);
  }

  @Test
  void modeTcpCannotAnswerTempfail() {
    assertThat(Sample.problem(Sample.with("pool: hub", "pool: hub\n    when-down: tempfail")))
        .startsWith("t.yaml:15:16: error: virtual-servers.SMTP_VS.when-down: mode tcp")
        .contains("write 421, reset or close");
  }

  @Test
  void keysOfModeSmtpAreTakenWhenOneOfThePoolsVirtualServersHasIt() {
    String text = Sample.with("monitors: [alive]", "monitors: [alive]\n    reuse: {}");
    String second = "  second: { listen: 172.16.51.174:26, pool: hub }\n";

    assertThat(Sample.problem(text)).startsWith("t.yaml:7:5: error: pools.hub.reuse: is for mode");
    assertThat(Sample.problems(text + second)).isEmpty();
  }

  @Test
  void aModeThatCannotBeReadHidesTheErrorAboutKeysOfModeSmtp() {
    String text =
        Sample.with("monitors: [alive]", "monitors: [alive]\n    reuse: {}")
            .replace("mode: tcp", "mode: smpt");

    assertThat(Sample.problem(text)).contains("did you mean smtp?");
  }

  @Test
  void aCapabilityIsNotOfferedWithoutTheOneItBuildsOn() {
    String smtp = Sample.with("mode: tcp", "mode: smtp");

    assertThat(
            Sample.problem(
                smtp.replace("[alive]", "[alive]\n    capabilities: [8BITMIME, BINARYMIME]")))
        .startsWith("t.yaml:7:19: error: pools.hub.capabilities: BINARYMIME is not offered without")
        .contains("CHUNKING (RFC 3030");
    assertThat(Sample.problem(smtp.replace("[alive]", "[alive]\n    capabilities: SMTPUTF8")))
        .contains("8BITMIME (RFC 6531");
    assertThat(Sample.problem(smtp.replace("[alive]", "[alive]\n    capabilities: [SIZE]")))
        .contains("expected one of CHUNKING, BINARYMIME, 8BITMIME, SMTPUTF8, DSN, not");
  }

  @Test
  void namesThatHoldDotsAreStillUniquePaths() {
    String text =
        Sample.with(
            "pools:", "pools:\n  hub.members: { members: { ex1: 10.1.1.30:25 }, min-active: x }");

    assertThat(Sample.problems(text))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("t.yaml:5:62: error: pools.\"hub.members\".min-active: expected a whole");
  }

  @Test
  void keysOfLaterReleasesAreToldAsThat() {
    String text =
        Sample.GOOD.replace("ex1: 10.1.1.21:25", "ex1: { address: 10.1.1.21:25, server: a }");

    assertThat(Sample.problems(text))
        .hasSize(1)
        .allMatch(line -> line.contains("not in this release"));
  }

  @Test
  void aMemberOnTheLoopbackMeetsAWildcardListener() {
    String text =
        Sample.with("172.16.51.174:25", "\"*:2525\"").replace("10.1.1.21:25", "127.0.0.1:2525");

    assertThat(Sample.problem(text)).startsWith("t.yaml:8:12: ").contains("connect to itself");
  }

  @Test
  void aHostnameThatIsNoNameIsRefused() {
    assertThat(Sample.problem("hostname: \"mail contoso\"\n" + Sample.GOOD))
        .startsWith("t.yaml:1:11: error: hostname: ");
  }
}
