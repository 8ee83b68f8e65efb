package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lines are commands, how they go on to members, and what the others are told. */
class CommandParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "ehlo  mx.example          | EHLO mx.example",
        "HELO [192.0.2.1]          | HELO [192.0.2.1]",
        "EHLO my_pc                | EHLO my_pc",
        "mail from:<a@b.example>   | MAIL FROM:<a@b.example>",
        "MAIL  FROM:  <a@b>        | MAIL FROM:<a@b>",
        "MAIL FROM:a@b             | MAIL FROM:<a@b>",
        "MAIL FROM:a@b size=1      | MAIL FROM:<a@b> SIZE=1",
        "MAIL FROM:<>              | MAIL FROM:<>",
        "MAIL FROM:<a@b>  SIZE=0   RET=hdrs | MAIL FROM:<a@b> SIZE=0 RET=hdrs",
        "RCPT TO:<@r.example,@s:a@b> | RCPT TO:<a@b>",
        "RCPT TO: a@b              | RCPT TO:<a@b>",
        "RCPT TO:<Postmaster>      | RCPT TO:<Postmaster>",
        "bdat 5 last               | BDAT 5 LAST",
        "BDAT 0005                 | BDAT 5",
        "BDAT 0 LAST               | BDAT 0 LAST",
        "noop ignore me            | NOOP",
        "Help MAIL                 | HELP",
        "quit                      | QUIT",
        "vrfy some body            | VRFY some body"
      })
  void aCommandGoesOnInOneForm(String line, String canonical) {
    assertThat(CommandParser.parse(line)).isInstanceOf(Command.class);
    assertThat(((Command) CommandParser.parse(line)).line()).isEqualTo(canonical);
  }

  @Test
  void whiteSpaceBeforeTheLineEndIsTolerated() {
    assertThat(CommandParser.parse("DATA \t ")).isEqualTo(new Command.Data());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "a.b+c=d/e!f%g@h-i.example",
        "a..b.@docomo.example",
        "#!$%&'*+-/=?^_`{|}~@b",
        "\"\"@b",
        "\"a b\"@c",
        "\"a>b <c@d\"@e",
        "\"a\\\"b\\\\\"@c",
        "a@[192.0.2.255]",
        "a@[IPv6:2001:db8::1]",
        "a@[ipv6:::]",
        "a@[IPv6:1:2:3:4:5:6:7:8]",
        "a@[IPv6:::ffff:192.0.2.1]",
        "a@[IPv6:1:2:3:4:5:6:192.0.2.1]",
        "a@my_host.example",
        "a@1.2.3.4"
      })
  void mailboxesAreTakenAsWritten(String mailbox) {
    assertThat(((Command) CommandParser.parse("MAIL FROM:<" + mailbox + ">")).line())
        .isEqualTo("MAIL FROM:<" + mailbox + ">");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<",
        "<a@b",
        "a@b>",
        "<<a@b>>",
        "< a@b>",
        "<a@b >",
        "<a b@c>",
        "<a@b@c>",
        "<@>",
        "<a@>",
        "<@b>",
        "<@b:>",
        "<@b,a@c>",
        "<@b,c:a@d>",
        "<b:a@c>",
        "<a>",
        "<Postmaster>",
        "<a@b.>",
        "<a@.b>",
        "<a@b..c>",
        "<a@-b>",
        "<a@b->",
        "<a@b.-c>",
        "<a@b c>",
        "<a@(b)>",
        "<\"a@b>",
        "<\"a\"b@c>",
        "<\"a\\\"@b>",
        "<a\"b\"@c>",
        "<a@[192.0.2]>",
        "<a@[192.0.2.256]>",
        "<a@[192.0.2.1.1]>",
        "<a@[192.0.2.]>",
        "<a@[192.0.2.1>",
        "<a@[]>",
        "<a@[2001:db8::1]>",
        "<a@[IPv6:192.0.2.1]>",
        "<a@[IPv6:]>",
        "<a@[IPv6:1:2:3:4:5:6:7]>",
        "<a@[IPv6:1:2:3:4:5:6:7:8:9]>",
        "<a@[IPv6:1::2::3]>",
        "<a@[IPv6::::]>",
        "<a@[IPv6:1::2:3:4:5:6:7:8]>",
        "<a@[IPv6:12345::]>",
        "<a@[IPv6:g::]>",
        "<a@[IPv6:192.0.2.1::]>",
        "<a@[IPv6:fe80::1%eth0]>",
        "<a@[x:y]>",
        "<a@b>SIZE=1",
        "a@b\u00a0SIZE=1"
      })
  void whatIsNoMailboxIsRefused(String path) {
    assertThat(told("MAIL FROM:" + path)).isEqualTo("501 5.1.7 Bad sender address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<>", "<a>", "<b@>", "<a@b> "})
  void theNullPathIsNoRecipient(String path) {
    String expected = path.endsWith(" ") ? "RCPT TO:<a@b>" : "501 5.1.3 Bad recipient address";
    assertThat(told("RCPT TO:" + path)).isEqualTo(expected);
  }

  @Test
  void pathsHaveABound() {
    String domain = "d".repeat(60) + "." + "d".repeat(60) + "." + "d".repeat(60);
    int local = PathReader.MAX_PATH - 2 - 1 - domain.length();
    String longest = "a".repeat(local) + "@" + domain;
    assertThat(told("RCPT TO:<" + longest + ">")).startsWith("RCPT");
    assertThat(told("RCPT TO:" + longest)).startsWith("RCPT");
    assertThat(told("RCPT TO:<a" + longest + ">")).startsWith("501 5.1.3");
    assertThat(told("RCPT TO:a" + longest)).startsWith("501 5.1.3");
    assertThat(told("RCPT TO:<@r:" + longest + ">")).startsWith("501 5.1.3");
    assertThat(told("EHLO " + "d".repeat(255))).startsWith("EHLO");
    assertThat(told("EHLO " + "d".repeat(256))).startsWith("501 5.5.4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SIZE=00000000000000000001",
        "SIZE=99999999999999999999",
        "BODY=7bit",
        "BODY=8BITMIME",
        "BODY=BINARYMIME",
        "SMTPUTF8",
        "RET=FULL",
        "ENVID=a+20b+2B",
        "AUTH=<>",
        "AUTH=a+3Db@c"
      })
  void mailTakesWhatItsExtensionsDefine(String parameter) {
    assertThat(told("MAIL FROM:<a@b> " + parameter)).isEqualTo("MAIL FROM:<a@b> " + parameter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SIZE",
        "SIZE=",
        "SIZE=-1",
        "SIZE=1k",
        "SIZE=100000000000000000000",
        "BODY",
        "BODY=9BIT",
        "SMTPUTF8=",
        "SMTPUTF8=yes",
        "RET=ALL",
        "ENVID=",
        "ENVID=a+2",
        "ENVID=a+zz",
        "ENVID=a+0D+0A",
        "ENVID=a=b",
        "ENVID=\u00e9",
        "AUTH=",
        "AUTH=+00",
        "SIZE=1 SIZE=1",
        "SIZE=1 size=2"
      })
  void mailRefusesBadValues(String parameters) {
    assertThat(told("MAIL FROM:<a@b> " + parameters)).startsWith("501 5.5.4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOTIFY=NEVER",
        "NOTIFY=success",
        "NOTIFY=SUCCESS,FAILURE,DELAY",
        "ORCPT=rfc822;a+2Bb@c",
        "ORCPT=utf-8;\\x{E9}@c"
      })
  void rcptTakesWhatDsnDefines(String parameter) {
    assertThat(told("RCPT TO:<a@b> " + parameter)).isEqualTo("RCPT TO:<a@b> " + parameter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOTIFY",
        "NOTIFY=",
        "NOTIFY=NEVER,SUCCESS",
        "NOTIFY=SUCCESS,SUCCESS",
        "NOTIFY=SUCCESS,",
        "NOTIFY=,DELAY",
        "NOTIFY=SUCCESS,FAILURE,DELAY,SUCCESS",
        "NOTIFY=succe\u00df",
        "ORCPT=a@b",
        "ORCPT=;a@b",
        "ORCPT=rfc822;",
        "ORCPT=rfc822;a+0A",
        "ORCPT=rfc822;\u00c3\u00a9@c",
        "ORCPT=utf-8;\u00e9@c",
        "ORCPT=rf c822;a"
      })
  void rcptRefusesBadValues(String parameter) {
    assertThat(told("RCPT TO:<a@b> " + parameter)).startsWith("501 5.5.4");
  }

  @Test
  void dsnValuesHaveABound() {
    assertThat(told("MAIL FROM:<> ENVID=" + "a".repeat(100))).startsWith("MAIL");
    assertThat(told("MAIL FROM:<> ENVID=" + "a".repeat(101))).startsWith("501");
    assertThat(told("RCPT TO:<a@b> ORCPT=x;" + "a".repeat(498))).startsWith("RCPT");
    assertThat(told("RCPT TO:<a@b> ORCPT=x;" + "a".repeat(499))).startsWith("501");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAIL FROM:<a@b> FOO",
        "MAIL FROM:<a@b> FOO=BAR",
        "MAIL FROM:<a@b> =",
        "MAIL FROM:<a@b> NOTIFY=NEVER",
        "MAIL FROM:<a@b> XOORG=contoso.com",
        "RCPT TO:<a@b> SIZE=5"
      })
  void parametersOfNobodyAreNotKnown(String line) {
    assertThat(told(line)).isEqualTo("555 5.5.4 Parameter not known");
  }

  @Test
  void declaredSizesAreNumbersOfAnyLength() {
    assertThat(size("0")).isZero();
    assertThat(size("00000000000000000042")).isEqualTo(42);
    assertThat(size("999999999999999999")).isEqualTo(999_999_999_999_999_999L);
    assertThat(size("99999999999999999999")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void addressesBeyondAsciiNeedSmtputf8AndWellFormedUtf8() {
    String name = latin1("Jos\u00e9@b\u00fccher.example");
    assertThat(told("MAIL FROM:<" + name + ">")).startsWith("553 5.6.7");
    assertThat(told("MAIL FROM:<" + name + "> SMTPUTF8")).startsWith("MAIL");
    assertThat(told("MAIL FROM:<a@b> SMTPUTF8")).startsWith("MAIL");
    assertThat(told("RCPT TO:<" + name + ">")).startsWith("RCPT");
    assertThat(told("RCPT TO:<a@b> ORCPT=utf-8;" + name)).startsWith("RCPT");
    for (String bad :
        new String[] {"\u00e9", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00c2\u0085"}) {
      assertThat(told("MAIL FROM:<" + bad + "@b> SMTPUTF8")).startsWith("501 5.1.7");
      assertThat(told("RCPT TO:<a@" + bad + ">")).startsWith("501 5.1.3");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAIL FROM:<a\u0000@b>",
        "MAIL FROM:<\"a\tb\"@c>",
        "RCPT TO:<a@b\u007f>",
        "RCPT TO:<a@b>\tNOTIFY=NEVER",
        "EHLO a\rb",
        "NOOP \u001b[2J"
      })
  void controlCharactersAreInNoCommand(String line) {
    assertThat(told(line)).isEqualTo("501 5.5.2 Control character in a command");
  }

  @ParameterizedTest
  @CsvSource({
    "EHLO,501",
    "EHLO a b,501",
    "EHLO \u00e9,501",
    "HELO,501",
    "MAIL,501",
    "MAIL TO:<a@b>,501",
    "MAIL FROM <a@b>,501",
    "RCPT FROM:<a@b>,501",
    "DATA now,501",
    "RSET all,501",
    "QUIT now,501",
    "STARTTLS now,501",
    "VRFY,501",
    "EXPN,501",
    "FOO,500",
    "'',500",
    "' MAIL FROM:<a@b>',500",
    "MAIL\u00a0FROM:<a@b>,500"
  })
  void otherArgumentsAndCommandsAreRefused(String line, int code) {
    assertThat(told(line)).startsWith(code + " 5.5.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-EXPS GSSAPI",
        "XEXCH50 1108 2",
        "X-LINK2STATE LAST CHUNK={00000000}",
        "X-ANONYMOUSTLS",
        "XRDST",
        "XSHADOW",
        "XPROXY",
        "XFORWARD NAME=a",
        "TURN",
        "ETRN b"
      })
  void privateVerbsAreNotForAProxy(String line) {
    assertThat(refused(line).kind()).isEqualTo(Parsed.Kind.PRIVATE_VERB);
    assertThat(told(line)).startsWith("502 5.5.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "POST /MAIL HTTP/1.0",
        "CONNECT mx:25 HTTP/1.1",
        "PRI * HTTP/2.0",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 25",
        "X\u0001",
        "\u0016\u0003\u0001"
      })
  void otherProtocolsAreSeen(String line) {
    assertThat(refused(line).kind()).isEqualTo(Parsed.Kind.NOT_SMTP);
  }

  @ParameterizedTest
  @CsvSource({"BDAT 5 FIRST,5", "BDAT 5 LAST LAST,5", "BDAT 7 L\u0000,7", "'BDAT 7 \u001c',7"})
  void aBadChunkIsStillCounted(String line, long octets) {
    assertThat(refused(line).octets()).isEqualTo(octets);
    assertThat(told(line)).startsWith("501");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BDAT", "BDAT LAST", "BDAT -1", "BDAT 0x10", "BDAT 1000000000000000000"})
  void aChunkWithoutASizeCannotBeCounted(String line) {
    assertThat(refused(line).kind()).isEqualTo(Parsed.Kind.UNCOUNTED);
  }

  private static long size(String digits) {
    return ((Command.Mail) CommandParser.parse("MAIL FROM:<> SIZE=" + digits)).declaredSize();
  }

  private static Parsed.Refused refused(String line) {
    return (Parsed.Refused) CommandParser.parse(line);
  }

  /** The command as it goes on, or what its client is told. */
  private static String told(String line) {
    return switch (CommandParser.parse(line)) {
      case Command command -> command.line();
      case Parsed.Refused refused -> refused.reply().phrase();
    };
  }

  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
