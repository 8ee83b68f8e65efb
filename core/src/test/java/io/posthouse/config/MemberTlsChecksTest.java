package io.posthouse.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberTlsChecksTest {
  private static final String PIN = "X3pGTSOuJeEVw989IJ/cEtXUEmy52zs1TZQrU06KUKg=";
  private static final String MONITORS = "monitors: [alive]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          off | 0 | -
          optional | 0 | -
          required | 0 | -
          "{ mode: off, implicit: true }" | 23 | warning: pools.hub.tls.implicit: does nothing while the mode of tls is off
          "{ name: a.b }" | 12 | warning: pools.hub.tls.name: does nothing while
          "{ ca: a }" | 12 | warning: pools.hub.tls.ca: does nothing while
          "{ min-version: 1.3 }" | 12 | warning: pools.hub.tls.min-version: does nothing while
          "{ pinned-keys: [PIN] }" | 12 | warning: pools.hub.tls.pinned-keys: does nothing while
          "{ mode: required, name: a.b }" | 0 | -
          "{ mode: required, ca: a }" | 28 | warning: pools.hub.tls.ca: does nothing where tls is required
          "{ mode: optional, pinned-keys: PIN }" | 28 | warning: pools.hub.tls.pinned-keys: does nothing where tls is optional
          "{ mode: optional, implicit: true }" | 38 | error: pools.hub.tls.implicit: optional means STARTTLS
          "{ mode: required, implicit: true }" | 0 | -
          "{ mode: verified, pinned-keys: [PIN] }" | 0 | -
          "{ mode: verified, pinned-keys: [PIN, abc] }" | 90 | error: pools.hub.tls.pinned-keys[1]: "abc" is not 32 octets in base64
          "{ mode: verified, pinned-keys: AAAA }" | 41 | error: pools.hub.tls.pinned-keys: "AAAA" is not 32 octets
          "{ mode: verified, name: mail.contoso.com }" | 0 | -
          "{ mode: verified, name: 10.1.1.9 }" | 0 | -
          "{ mode: verified, name: 10.1.1 }" | 34 | error: pools.hub.tls.name: "10.1.1" is no host name
          "{ mode: verified, name: mail.contoso.com:25 }" | 34 | error: pools.hub.tls.name: "mail.contoso.com:25" is no host name
          "{ mode: verified, name: '*.contoso.com' }" | 34 | error: pools.hub.tls.name: "*.contoso.com" is no host name
          "{ mode: verifed }" | 18 | error: pools.hub.tls.mode: expected one of off, optional, required, verified
          """)
  void keysOfTlsWithMembersFitEachOther(String tls, int column, String message) {
    String keys = tls.replaceAll("^\"|\"$", "").replace("PIN", '"' + PIN + '"');
    String text = smtp().replace(MONITORS, MONITORS + "\n    tls: " + keys);

    ServerTlsChecksTest.expect(text, 7, column, message);
  }

  @Test
  void aKeyWithoutItsPaddingIsNoPin() {
    String pin = PIN.replace("=", "");
    String text =
        smtp()
            .replace(
                MONITORS, MONITORS + "\n    tls: { mode: verified, pinned-keys: " + pin + " }");

    ServerTlsChecksTest.expect(text, 7, 41, "error: pools.hub.tls.pinned-keys: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls: verified | 10.1.1.21:25 | 12 | warning: pools.hub.members.ex1.address: only a certificate that holds the address 10.1.1.21 will do
          tls: verified | "{ address: 10.1.1.21:25 }" | 23 | warning: pools.hub.members.ex1.address: only a certificate that holds the address 10.1.1.21 will do
          tls: verified | ex1.contoso.com:25 | 0 | -
          tls: verified | "{ address: 10.1.1.21:25, tls-name: ex1.contoso.com }" | 0 | -
          tls: verified | "{ address: 10.1.1.21:25, tls-name: 'ex1 contoso' }" | 47 | error: pools.hub.members.ex1.tls-name: "ex1 contoso" is no host name
          tls: required | "{ address: 10.1.1.21:25, tls-name: ex1.contoso.com }" | 0 | -
          tls: off | "{ address: 10.1.1.21:25, tls-name: ex1.contoso.com }" | 37 | warning: pools.hub.members.ex1.tls-name: does nothing while the pool has no tls
          tls: off | 10.1.1.21:25 | 0 | -
          """)
  void namesOfMembersFitTheTlsOfTheirPool(String tls, String member, int column, String message) {
    String text =
        smtp()
            .replace(MONITORS, MONITORS + "\n    " + tls)
            .replaceAll("\n.*ex2:.*", "")
            .replace("ex1: 10.1.1.21:25", "ex1: " + member.replaceAll("^\"|\"$", ""));

    ServerTlsChecksTest.expect(text, 9, column, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          optional | 5 | error: pools.hub.tls: the virtual server SMTP_VS has mode tcp, which does not speak STARTTLS
          required | 5 | error: pools.hub.tls: the virtual server SMTP_VS has mode tcp
          "{ mode: required, implicit: true }" | 0 | -
          off | 0 | -
          """)
  void modeTcpDoesNotSpeakStartTls(String tls, int column, String message) {
    String text = Sample.with(MONITORS, MONITORS + "\n    tls: " + tls.replaceAll("^\"|\"$", ""));

    ServerTlsChecksTest.expect(text, 7, column, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          off | 0 | -
          optional | 0 | -
          required | 5 | warning: pools.hub.auth-over-plain: does nothing where tls is required
          """)
  void authOverPlainNeedsPlainMembers(String tls, int column, String message) {
    String text =
        smtp().replace(MONITORS, "auth-over-plain: true\n    tls: " + tls + "\n    " + MONITORS);

    ServerTlsChecksTest.expect(text, 6, column, message);
  }

  @Test
  void authOverPlainIsForModeSmtp() {
    String text = Sample.with(MONITORS, MONITORS + "\n    auth-over-plain: true");

    ServerTlsChecksTest.expect(
        text, 7, 5, "error: pools.hub.auth-over-plain: is for mode smtp, and no virtual server");
  }

  private static String smtp() {
    return Sample.with("mode: tcp", "mode: smtp");
  }
}
