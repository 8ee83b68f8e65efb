package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTlsChecksTest {
  private static final String KEYS = "mode: tcp\n    pool: hub";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tcp | certificate: a | 5 | error: virtual-servers.SMTP_VS.tls: mode tcp passes TLS through; write implicit: true
          tcp | certificate: a, starttls: off | 5 | error: virtual-servers.SMTP_VS.tls: mode tcp passes TLS through
          tcp | certificate: a, implicit: true, starttls: off | 0 | -
          tcp | certificate: a, implicit: true, starttls: optional | 54 | error: virtual-servers.SMTP_VS.tls.starttls: implicit: true begins TLS
          smtp | certificate: a, implicit: true, starttls: required | 54 | error: virtual-servers.SMTP_VS.tls.starttls: implicit: true begins TLS
          smtp | certificate: a | 0 | -
          smtp | certificate: a, starttls: off | 0 | -
          smtp | certificate: a, starttls: required | 0 | -
          smtp | certificate: a, client-certificate: ask | 48 | error: virtual-servers.SMTP_VS.tls.client-certificate: ask needs client-ca
          smtp | certificate: a, client-certificate: require | 48 | error: virtual-servers.SMTP_VS.tls.client-certificate: require needs client-ca
          smtp | certificate: a, client-certificate: ask, client-ca: b | 0 | -
          smtp | certificate: a, client-ca: b | 28 | error: virtual-servers.SMTP_VS.tls.client-ca: clients are not asked for a certificate
          smtp | certificate: a, client-certificate: none, client-ca: b | 54 | error: virtual-servers.SMTP_VS.tls.client-ca: clients are not asked
          smtp | certificate: a, client-certificate: demand, client-ca: b | 48 | error: virtual-servers.SMTP_VS.tls.client-certificate: expected one of
          smtp | certificate: a, min-version: "1.3", max-version: "1.2" | 61 | error: virtual-servers.SMTP_VS.tls.max-version: max-version 1.2 is older than min-version 1.3
          smtp | certificate: a, min-version: 1.3, max-version: 1.3 | 0 | -
          smtp | certificate: a, min-version: "1.3", ciphers: [x] | 48 | warning: virtual-servers.SMTP_VS.tls.ciphers: are those of TLS 1.2
          smtp | certificate: a, certificates: [b, a] | 46 | error: virtual-servers.SMTP_VS.tls.certificates[1].certificate: is given already in line 15
          smtp | certificate: a, certificates: [{ certificate: a, key: b }] | 58 | error: virtual-servers.SMTP_VS.tls.certificates[0].certificate: is given already in line 15
          smtp | certificate: a, certificates: [b, b] | 46 | error: virtual-servers.SMTP_VS.tls.certificates[1].certificate: is given already
          smtp | certificate: a, certificates: a | 42 | error: virtual-servers.SMTP_VS.tls.certificates.certificate: is given already
          """)
  void keysOfTlsFitEachOtherAndTheMode(String mode, String tls, int column, String message) {
    String text = Sample.with(KEYS, "mode: " + mode + "\n    pool: hub\n    tls: { " + tls + " }");

    expect(
        tls.contains("implicit") ? text.replace(":25\n    mode", ":465\n    mode") : text,
        15,
        column,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.1.1.1:25 | starttls: required | 0 | 0 | -
          127.0.0.1:25 | starttls: required | 0 | 0 | -
          "[fd00::1]:25" | starttls: required | 0 | 0 | -
          "[::1]:25" | starttls: required | 0 | 0 | -
          192.0.2.1:587 | starttls: required | 0 | 0 | -
          192.0.2.1:25 | starttls: optional | 0 | 0 | -
          192.0.2.1:25 | starttls: required | 15 | 38 | warning: virtual-servers.SMTP_VS.tls.starttls: a mail exchanger for everybody must not
          "[2001:db8::1]:25" | starttls: required | 15 | 38 | warning: virtual-servers.SMTP_VS.tls.starttls: a mail exchanger
          "*:25" | starttls: required | 15 | 38 | warning: virtual-servers.SMTP_VS.tls.starttls: a mail exchanger
          10.1.1.1:465 | implicit: true | 0 | 0 | -
          10.1.1.1:25 | implicit: true | 12 | 13 | warning: virtual-servers.SMTP_VS.listen: clients of this port begin in plain
          "[10.1.1.1:465, 10.1.1.1:587]" | implicit: true | 12 | 28 | warning: virtual-servers.SMTP_VS.listen[1]: clients of this port begin in plain
          "[10.1.1.1:25, 10.1.1.1:465]" | starttls: optional | 12 | 27 | warning: virtual-servers.SMTP_VS.listen[1]: clients of port 465 begin with TLS
          10.1.1.1:465 | starttls: off | 0 | 0 | -
          """)
  void tlsBeginsAsClientsOfThePortExpect(
      String listen, String tls, int line, int column, String message) {
    String text =
        Sample.with(KEYS, "mode: smtp\n    pool: hub\n    tls: { certificate: a, " + tls + " }")
            .replace("172.16.51.174:25", unquoted(listen));

    expect(text, line, column, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth: always | | 19 | warning: virtual-servers.SMTP_VS.smtp.auth: passwords may cross the network in plain
          auth: always | tls: { certificate: a } | 19 | warning: virtual-servers.SMTP_VS.smtp.auth: passwords may cross
          auth: always | tls: { certificate: a, starttls: required } | 0 | -
          auth: over-tls | | 19 | warning: virtual-servers.SMTP_VS.smtp.auth: no client can use TLS here
          auth: over-tls | tls: { certificate: a, starttls: off } | 19 | warning: virtual-servers.SMTP_VS.smtp.auth: no client can
          auth: over-tls | tls: { certificate: a } | 0 | -
          auth: off | | 0 | -
          """)
  void authNeedsTlsToBeSafe(String smtp, String tls, int column, String message) {
    String more = tls == null ? "" : "\n    " + tls;
    String text =
        Sample.with(KEYS, "mode: smtp\n    pool: hub\n    smtp: { " + smtp + " }" + more)
            .replace("monitors: [alive]", "monitors: [alive]\n    auth-over-plain: true");

    expect(text, 16, column, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls: off | over-tls | warning: virtual-servers.SMTP_VS.smtp.auth: the pool hub speaks to its members in plain
          tls: off | always | warning: virtual-servers.SMTP_VS.smtp.auth: the pool hub speaks to its members in plain
          tls: off | off | -
          tls: required | over-tls | -
          auth-over-plain: true | over-tls | -
          """)
  void authNeedsMembersThatMayHearPasswords(String pool, String auth, String message) {
    String keys = "mode: smtp\n    pool: hub\n    smtp: { auth: " + auth + " }";
    String text =
        Sample.with(KEYS, keys + "\n    tls: { certificate: a }")
            .replace("monitors: [alive]", "monitors: [alive]\n    " + pool);

    expect(text, 16, message.equals("-") ? 0 : 19, message);
  }

  @Test
  void authIsNotForModeTcp() {
    String text = Sample.with(KEYS, "mode: tcp\n    pool: hub\n    smtp: { auth: always }");

    expect(text, 15, 5, "error: virtual-servers.SMTP_VS.smtp: mode tcp does not speak SMTP");
  }

  private static String unquoted(String list) {
    return list.startsWith("\"[1") ? list.substring(1, list.length() - 1) : list;
  }

  static void expect(String text, int line, int column, String message) {
    if (column == 0) {
      assertThat(Sample.problems(text)).isEmpty();
    } else {
      assertThat(Sample.problem(text)).startsWith("t.yaml:" + line + ":" + column + ": " + message);
    }
  }
}
